"""Pictures of patients over HTTP."""
