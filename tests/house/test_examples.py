"""Every example runs as a newcomer would run it, elsewhere and without a screen, and says what it should."""

import itertools
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from places import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

# What each must say: exact answers, so that an example cannot go wrong quietly.
SAYS = {
    "imitate_a_policy.py": ["Cross-entropy: 0.8", "teacher: mean return 41.04\n", "pupil: mean return "],
    "learn_from_recordings.py": ["return is 10\n", "short of the best by 0.0000", "pairs, return 35", "return is 35\n"],
    "learn_with_gradients.py": ["returns alone: ", "beyond a learned value: ", " of 200 after 10 episodes"],
    "learn_with_tables.py": ["q-learning: return 10 in 6 steps", "start 5.9049, short of the best by 0.0000"],
    "make_an_environment.py": ["reward 10", "Return: 10"],
    "predict_a_chain.py": ["exact:         -16.000  -19.000  -20.000", "Monte Carlo: ", "TD(0): ", "TD(0.9): "],
    "print_markov_chains.py": ["States: 0 ", "16 from state 0", "19 from state 1, 20 from state 2"],
    "search_for_a_policy.py": ["Generations: 1, of 100", "The best policy makes ", "angular speed: "],
    "solve_and_draw.py": ["Value of the start: 4.763122", "Drawn into grid_world.png"],
    "wrap_an_environment.py": ["Preserved: the optimal actions of all 15 states", "the stack (4, 10, 10)"],
    "your_own_mdp.py": ["Best action in each state: [0, 1, 1]", "is worth 81.054"],
}
# TensorFlow's compiled part speaks about the processor whatever is set; Python warnings are errors all the same.
TENSORFLOW = re.compile(r"[IWE]\d{4} \d|WARNING: All log messages before absl|To enable the following instructions")
WRITES = {"solve_and_draw.py": ["grid_world.png"]}
# Those that learn are shortened here, and asked for their picture.
OPTIONS = {
    "imitate_a_policy.py": ["--updates", "20"],
    "learn_with_gradients.py": ["--updates", "1"],
    "learn_with_tables.py": ["--steps", "5000"],
    "predict_a_chain.py": ["--steps", "3000"],
    "search_for_a_policy.py": ["--steps", "6000"],
}


def test_every_example_is_expected_to_say_something():
    assert [path.name for path in EXAMPLES] == sorted(SAYS)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_example(path, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path), *OPTIONS.get(path.name, [])],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if not TENSORFLOW.match(line)] == []
    for words in SAYS[path.name]:
        assert words in done.stdout
    assert sorted(entry.name for entry in tmp_path.iterdir()) == WRITES.get(path.name, [])


@pytest.mark.parametrize("name", [name for name in OPTIONS if "gradients" not in name and "imitate" not in name])
def test_an_example_draws_when_it_is_asked_to(name, tmp_path):
    picture = tmp_path / "picture.png"
    command = [sys.executable, str(ROOT / "examples" / name), *OPTIONS[name], "--picture", str(picture)]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    pixels = np.asarray(Image.open(picture).convert("L"))
    assert min(pixels.shape) >= 300
    assert pixels.std() > 10


def test_chains_are_printed_as_sequences_that_the_chain_can_make(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "print_markov_chains.py")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    runs = [line.removeprefix("States: ").split() for line in done.stdout.splitlines() if line.startswith("States: ")]
    possible = {"00", "01", "03", "12", "13", "21"}
    assert len(runs) == 10
    for states in runs:
        ends = states[-1]
        path = states[:-1] if ends == "..." else states
        assert path[0] == "0"
        assert all(a + b in possible for a, b in itertools.pairwise(path))
        assert ends == "3" or (ends == "..." and len(path) == 51)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_example_is_short_and_explains_itself(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""')
    assert len(text.splitlines()) <= 60
