"""Calls: the board, what is done with a call, call-backs, and what the exchange reports."""
