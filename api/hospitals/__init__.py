"""Hospitals over HTTP, to read."""
