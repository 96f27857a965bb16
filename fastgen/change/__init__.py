"""The change of a project: one operation behind all commands that change one."""
