"""What a doctor of the receiving hospital orders a crew to do for a patient, and what became of it (医嘱)."""
