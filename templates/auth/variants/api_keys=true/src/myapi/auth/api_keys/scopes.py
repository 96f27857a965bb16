from enum import StrEnum


class APIKeyScope(StrEnum):
    READ = "read"
    WRITE = "write"  # and read
