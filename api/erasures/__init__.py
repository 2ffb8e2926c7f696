"""Erasing personal values by law."""
