"""What crews write down at patients, over HTTP."""
