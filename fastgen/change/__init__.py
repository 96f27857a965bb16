"""The one operation on a project."""
