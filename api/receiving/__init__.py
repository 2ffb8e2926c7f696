"""Destinations of patients over HTTP."""
