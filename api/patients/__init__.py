"""Patients: who was found at an incident, who looks after them, and what came of them."""
