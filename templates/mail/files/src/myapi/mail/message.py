"""Messages, and the templates that they are written with.

`auth/verify_email` is `verify_email.txt` and `.html` in the folder `auth/mails`. The
text begins with its subject: `{% set subject = "Confirm your address" %}`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from email_validator import validate_email
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    select_autoescape,
)

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Message:
    to: str
    subject: str
    template: str
    text: str = field(repr=False)
    html: str = field(repr=False)


class MailLoader(FileSystemLoader):
    """Finds `auth/verify_email.txt` in `auth/mails/`."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        folder, _, file = template.rpartition("/")
        return super().get_source(environment, f"{folder}/mails/{file}")


templates = Environment(
    loader=MailLoader(Path(__file__).parents[1]),
    autoescape=select_autoescape(["html"], default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def written(to: str, template: str, **context: object) -> Message:
    """The message to one address. Raises ValueError if that or the subject is none."""
    plain = templates.get_template(f"{template}.txt").make_module(context)
    subject = checked_subject(str(getattr(plain, "subject", "")), template)
    rich = templates.get_template(f"{template}.html")
    return Message(
        to=checked_address(to),
        subject=subject,
        template=template,
        text=str(plain).lstrip("\n"),
        html=rich.render(context, subject=subject),
    )


def checked_subject(subject: str, template: str) -> str:
    # A line end in it would begin a header of the sender's choice.
    if not subject.strip() or CONTROL.search(subject):
        raise ValueError(f"the subject of {template} is empty or not one line")
    return subject


def checked_address(address: str) -> str:
    """The one address that `address` is, with its domain as name servers have it."""
    found = validate_email(
        address, check_deliverability=False, globally_deliverable=False
    )
    return found.ascii_email or found.normalized
