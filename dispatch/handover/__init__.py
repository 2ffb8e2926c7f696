"""Shift handover: what is going on, told to the next shift on a sheet that both sign."""
