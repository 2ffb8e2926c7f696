"""What a crew writes down at a patient: values measured by hand, and treatments."""
