"""rlenvs."""
