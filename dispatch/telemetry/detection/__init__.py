"""What is found in vehicles' streams by itself: alarms of patients, and what happens to vehicles under way."""
