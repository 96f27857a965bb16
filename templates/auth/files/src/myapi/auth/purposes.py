from enum import StrEnum


class Purpose(StrEnum):
    """What a link in a mail is good for, or what it remembers without being a link."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    # No link: an address was registered with a certain password.
    REGISTRATION = "registration"
