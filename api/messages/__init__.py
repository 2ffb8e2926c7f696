"""Messages about an incident, over HTTP."""
