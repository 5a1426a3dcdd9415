"""The pictures and films of the documentation: `make pictures`."""
