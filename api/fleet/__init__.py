"""Units on duty: status, positions, crews, kit, timed runs."""
