"""The array core, laid out as NumPy lays out its own."""
