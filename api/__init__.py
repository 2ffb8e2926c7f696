"""Every edge: HTTP and the command line. Translates, never decides."""
