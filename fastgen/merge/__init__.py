"""The three-way merge: (base, next, user) -> plan. This package does not know modules,
templates or disks."""
