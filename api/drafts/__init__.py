"""What seats have typed so far, over HTTP."""
