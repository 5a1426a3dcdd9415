"""Gymnasium environments whose truth is known exactly, wrappers that are right, and a conformance suite.

Importing this package registers the environments: ``import rlenvs; gym.make("rlenvs/GridWorld-v0")``.
"""

from rlenvs.registration import register

__version__ = "0.1.0"

register()
