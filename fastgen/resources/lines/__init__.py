"""Lines of code for the templates of resources."""
