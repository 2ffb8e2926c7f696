"""Recommendations, assignments, the queue and the sharing policy."""
