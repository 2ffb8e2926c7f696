"""A vehicle's own side: keeps what is measured on its disk and sends it as the link allows (`PROTOCOL.md`)."""
