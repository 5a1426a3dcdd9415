import os
import subprocess
import sys
from pathlib import Path

import pytest

import rlenvs_agents

pytest.importorskip("tensorflow")

CODE = "import os\nfrom rlenvs_agents.framework import tf\nprint(os.environ['TF_ENABLE_ONEDNN_OPTS'], tf.__name__)"


@pytest.mark.parametrize(("chosen", "found"), [(None, "1"), ("0", "0")])
def test_onednn_is_on_unless_the_user_says_otherwise(chosen, found) -> None:
    before = {name: value for name, value in os.environ.items() if name != "TF_ENABLE_ONEDNN_OPTS"}
    env = before if chosen is None else {**before, "TF_ENABLE_ONEDNN_OPTS": chosen}
    told = subprocess.run([sys.executable, "-c", CODE], env=env, capture_output=True, text=True, check=True).stdout
    assert told.split() == [found, "tensorflow"]


def test_nothing_imports_tensorflow_in_another_way() -> None:
    room = Path(rlenvs_agents.__file__).parent
    files = [file for file in room.rglob("*.py") if "import tensorflow" in file.read_text(encoding="utf-8")]
    assert [file.name for file in files] == ["framework.py"]
