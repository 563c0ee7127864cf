"""Measured ratios of the book; `make bench` runs them all."""
