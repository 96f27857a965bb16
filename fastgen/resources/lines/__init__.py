"""The lines of code that templates show of a resource."""
