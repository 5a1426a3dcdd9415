"""Everything that is saved of an agent, to be compared bit for bit."""

import json
from pathlib import Path
from typing import Any

from rlenvs_agents.array_file import read_arrays
from rlenvs_agents.saving import ARRAYS, MANIFEST, MEMORY


def saved_state(agent: Any, folder: Path) -> dict[str, Any]:
    """Counters, generators, where the environment is, and the bytes of all arrays; not the time that it took."""
    path = agent.save(folder)
    manifest = json.loads((path / MANIFEST).read_text())
    found = {"config": manifest["config"], "progress": manifest["progress"], "metrics": manifest["metrics"]}
    del found["progress"]["training_seconds"]
    for file in (ARRAYS, MEMORY):
        if (path / file).is_file():
            arrays = read_arrays(path / file)
            found[file] = {name: (array.dtype.str, array.shape, array.tobytes()) for name, array in arrays.items()}
    return found
