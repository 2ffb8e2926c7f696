"""Figures that stand up: the record table, definitions as data, and what is reckoned from them."""
