"""Mappings that ship, by name."""
