"""Hospitals and what they can do."""
