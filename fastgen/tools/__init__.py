"""ruff, git, uv and Copier."""
