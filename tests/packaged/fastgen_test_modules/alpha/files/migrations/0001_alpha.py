"""Makes the table of alpha."""

revision = "0001"
