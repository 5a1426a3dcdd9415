"""Environments with exactly one defect each, and sound ones beside them."""

from tests.conformance.mutants import behaviour, data, outside, seeds
from tests.conformance.mutants.family import FAMILY, Mutant
from tests.conformance.mutants.sound import SOUND

__all__ = ["FAMILY", "SOUND", "Mutant", "behaviour", "data", "outside", "seeds"]
