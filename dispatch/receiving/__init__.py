"""Where a patient is taken, and what the hospital there says to it."""
