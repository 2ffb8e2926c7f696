"""Past hours of the region."""
