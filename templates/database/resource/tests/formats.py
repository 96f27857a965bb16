"""What generated input of a format looks like, where JSON Schema's own is too wide."""

import schemathesis
from hypothesis import strategies

# Some domains are reserved, which the format does not know.
schemathesis.openapi.format(
    "email", strategies.from_regex(r"[a-z]{1,20}@example\.com", fullmatch=True)
)
