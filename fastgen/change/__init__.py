"""The operation behind all commands that change a project."""
