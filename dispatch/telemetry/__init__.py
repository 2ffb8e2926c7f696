"""What vehicles send while they drive: the protocol, the streams, what of them is kept, and whose it is."""
