"""Printed documents: A4 sheets in three languages, made by Typst from data."""
