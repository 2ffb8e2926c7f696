"""The emergency room: who is being brought, and what is measured at them on the way."""
