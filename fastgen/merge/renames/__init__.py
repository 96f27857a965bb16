"""Modules, classes, functions and variables that the user renamed or moved, renamed in
base and next too."""
