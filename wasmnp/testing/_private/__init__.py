"""What ``wasmnp.testing`` is made of; ``utils`` gathers it under NumPy's name."""
