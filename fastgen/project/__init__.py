"""Reading of a project from disk."""
