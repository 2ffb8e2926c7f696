"""Which vehicle is sent: recommendation, assignment, queue."""
