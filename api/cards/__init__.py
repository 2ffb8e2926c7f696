"""Complaint cards over HTTP."""
