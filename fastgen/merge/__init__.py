"""(base, next, user) -> plan: nothing here knows modules, renders or disks."""
