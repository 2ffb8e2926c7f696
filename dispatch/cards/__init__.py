"""Complaint cards: what to ask, how urgent the answers make a call, and what to tell the caller meanwhile."""
