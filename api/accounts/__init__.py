"""Logging in, people, organisations and devices over HTTP."""
