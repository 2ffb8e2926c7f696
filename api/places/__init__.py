"""Place search over HTTP."""
