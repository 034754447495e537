"""Elementwise functions: one file per function, holding its kernel and its registry row."""
