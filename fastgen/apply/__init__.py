"""Applies plans to the disk. No other part of fastgen writes to a project."""
