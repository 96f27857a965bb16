"""The specification of a project and its edits."""
