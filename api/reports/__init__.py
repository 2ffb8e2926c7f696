"""Figures and reports: the edge of `dispatch/reports`."""
