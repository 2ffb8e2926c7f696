"""Alarms and offers found in vehicles' streams, over HTTP."""
