"""Orders to crews, over HTTP."""
