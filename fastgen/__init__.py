"""fastgen: makes FastAPI projects and keeps working on them afterwards."""

__version__ = "0.1.0"
