"""Organisations, people and devices: who they are, how they prove it, and what each may do."""
