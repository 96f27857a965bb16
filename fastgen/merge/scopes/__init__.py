"""The bindings of names and the imports of a Python file."""
