"""Pictures that a crew takes of a patient: sent in pieces, freed of where they were taken, kept for that patient."""
