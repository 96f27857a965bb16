"""Checks on the merged project: its files parse, and its imports find their modules."""
