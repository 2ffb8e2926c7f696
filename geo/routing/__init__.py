"""Searches over the network: kernels, graphs, weights, paths."""
