"""The road network as arrays: attributes, assembly from ways, one memory-mapped file."""
