"""The dispatcher's console: the built files of `frontend/`, and how they are served."""
