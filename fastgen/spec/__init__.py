"""What a project is made of, and the edits of it."""
