"""Where on which road a vehicle drives, and in which direction, from its noisy positions."""
