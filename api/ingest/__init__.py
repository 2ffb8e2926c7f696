"""The vehicle gateway: where vehicles send what is measured on board (`PROTOCOL.md`)."""
