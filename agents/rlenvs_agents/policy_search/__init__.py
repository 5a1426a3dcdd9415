"""Policies without values: written by hand, or searched for."""
