"""Incidents: the board, the incident with all that belongs to it, its notes and its record."""
