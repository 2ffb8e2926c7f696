"""Reading the journal: its lines by what and who, and the check that it is whole."""
