"""wasmnp: NumPy for the browser that is also NumPy for the desktop."""
