"""Resources of a project: their fields, names and migrations, as values."""
