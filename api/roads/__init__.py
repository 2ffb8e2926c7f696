"""Road times over HTTP: nearest, matrix, route, isochrone, closures."""
