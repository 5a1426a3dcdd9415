"""Writes the pages of the documentation that repeat what the code says: `python -m docs.generate`, or `make pages`."""
