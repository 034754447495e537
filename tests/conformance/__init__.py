"""NumPy's own test-suite as the referee of a NumPy-compatible package; see docs/dev/conformance.md."""
