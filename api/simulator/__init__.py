"""The simulated day: on the services with a clock moved by hand, or through the public API on the real clock."""
