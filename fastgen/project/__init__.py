"""What is read of a project on the disk."""
