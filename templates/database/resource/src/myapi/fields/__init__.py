"""Types of fields that resources share: what every database keeps as it came in."""
