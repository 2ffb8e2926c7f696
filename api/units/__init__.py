"""Stations and units over HTTP, to read."""
