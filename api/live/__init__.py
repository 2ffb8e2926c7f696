"""The live feed: what screens and vehicles are told as it happens (`GET /api/live`, a WebSocket; see LIVE.md)."""
