"""Plan -> disk: the only part of fastgen that writes to a project."""
