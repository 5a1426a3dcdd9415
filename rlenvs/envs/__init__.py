"""The environments, one place each. They never import each other."""
