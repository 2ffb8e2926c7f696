"""Regions: which are there, and the one that is served."""
