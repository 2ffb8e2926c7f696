"""What is measured on board, as people ask for it: whose it is, and what it says."""
