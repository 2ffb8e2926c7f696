"""The domain: knows nothing of HTTP, WebSocket or OSMnx."""
