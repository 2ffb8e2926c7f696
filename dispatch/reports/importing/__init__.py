"""Records from elsewhere: read by a mapping, checked, and kept beside what the journal tells."""
