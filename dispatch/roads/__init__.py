"""Regions, closures and slow-downs, own places and zones: kept here, handed to geo as immutable values."""
