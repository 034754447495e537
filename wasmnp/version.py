"""Versions: the NumPy API that is followed, and wasmnp's own."""

version = "2.4.6"
full_version = version
short_version = version
release = True
git_revision = ""
wasmnp = "0.1.0"
