"""Modules, classes, functions and variables that the user renamed or moved: base and
next follow them."""
