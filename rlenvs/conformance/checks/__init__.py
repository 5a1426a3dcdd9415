"""The checks, one family per file. Importing this package enters all of them in the catalogue, in this order."""

from rlenvs.conformance.checks import basics  # noqa: I001  # the order of the checks is the order of this list
from rlenvs.conformance.checks import results
from rlenvs.conformance.checks import infos
from rlenvs.conformance.checks import memory
from rlenvs.conformance.checks import seeding
from rlenvs.conformance.checks import continuation
from rlenvs.conformance.checks import isolation
from rlenvs.conformance.checks import generators
from rlenvs.conformance.checks import surroundings
from rlenvs.conformance.checks import protocol
from rlenvs.conformance.checks import limits
from rlenvs.conformance.checks import actions
from rlenvs.conformance.checks import masks
from rlenvs.conformance.checks import rendering
from rlenvs.conformance.checks import copies
from rlenvs.conformance.checks import specs
from rlenvs.conformance.checks import lanes
from rlenvs.conformance.checks import entry_points
from rlenvs.conformance.checks import batches
from rlenvs.conformance.checks import models
from rlenvs.conformance.checks import resources
from rlenvs.conformance.checks import health
from rlenvs.conformance.checks import processes

__all__ = [
    "actions",
    "basics",
    "batches",
    "continuation",
    "copies",
    "entry_points",
    "generators",
    "health",
    "infos",
    "isolation",
    "lanes",
    "limits",
    "masks",
    "memory",
    "models",
    "processes",
    "protocol",
    "rendering",
    "resources",
    "results",
    "seeding",
    "specs",
    "surroundings",
]
