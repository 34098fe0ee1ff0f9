"""Benchmarks that measure Portico beside the libraries one would otherwise use."""
