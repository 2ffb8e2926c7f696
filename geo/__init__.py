"""The road network: knows nothing of calls, units or the web."""
