"""Resources: what a project serves; their fields, names and migrations, as values."""
