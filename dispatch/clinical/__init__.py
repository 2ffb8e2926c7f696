"""What is measured at patients: codes, units and ranges. Pure."""
