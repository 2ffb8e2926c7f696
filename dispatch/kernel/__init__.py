"""What all of the domain stands on: clock, ids, errors, database."""
