"""Stations and vehicles, what they can do and where they stand."""
