"""The versions of Python that a project can be made for."""

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
