"""Shift handover."""
