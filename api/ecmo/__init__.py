"""Requests for ECMO and their assessment over HTTP."""
