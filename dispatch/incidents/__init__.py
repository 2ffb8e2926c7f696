"""Calls, the incidents they tell of, and the patients found there."""
