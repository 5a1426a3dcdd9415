"""The notebooks run from top to bottom in a kernel of their own, are stored clean, and are listed in the documentation.

Each begins with a cell of constants, tagged `parameters`; here smaller ones follow it. The solutions of the exercises
are folded text: the slow test runs them too, behind the notebook's own cells.
"""

import ast
import copy
import os
import re

import pytest
from snippets import DOCS, ROOT

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

FOLDER = ROOT / "examples" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SHORT = {
    "1_introduction": {"EPISODES": 20, "UPDATES": 20, "SEARCH_STEPS": 3_000},
    "2_policy_gradients": {"EPISODES": 200, "UPDATES": 2, "A2C_STEPS": 600},
    "3_exact_solutions": {"RUNS": 300},
    "4_tabular_learning": {
        "STEPS": 2_000,
        "CLIFF_STEPS": 10_000,
        "CHAIN_STEPS": 5_000,
        "EXPLORATION_STEPS": 300,
        "CART_STEPS": 5_000,
    },
    "5_dqn": {"GRID_STEPS": 400, "CART_STEPS": 2_500},
    "6_atari": {"TRAINING_STEPS": 120, "GAMES": 1},
    "7_your_own_environment": {"STEPS": 5_000},
}
NEEDED = {
    "1_introduction": "tensorflow",
    "2_policy_gradients": "tensorflow",
    "5_dqn": "tensorflow",
    "6_atari": "ale_py",
}
LONGEST = 300  # seconds for one cell; a cell that hangs fails
LATEST = 60  # seconds until what a cell shows has come; after four, the default, it would be missing without a word

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def solutions(notebook):
    folded = [cell.source for cell in cells(notebook, "markdown") if cell.source.startswith("<details>")]
    return [block for text in folded for block in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def shortened(notebook, constants, more=()):
    short = copy.deepcopy(notebook)
    place = next(i for i, cell in enumerate(short.cells) if "parameters" in cell.metadata.get("tags", ()))
    lines = "\n".join(f"{name} = {value!r}" for name, value in constants.items())
    short.cells.insert(place + 1, nbformat.v4.new_code_cell(lines))
    short.cells.extend(nbformat.v4.new_code_cell(source) for source in more)
    return short


def execute(notebook, folder):
    client = nbclient.NotebookClient(
        notebook,
        timeout=LONGEST,
        iopub_timeout=LATEST,
        startup_timeout=LONGEST,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    # The kernel draws below its cells, whatever the tests draw with.
    client.execute(env={name: value for name, value in os.environ.items() if name != "MPLBACKEND"})
    said = [output for cell in cells(notebook, "code") for output in cell.outputs if output.output_type == "stream"]
    assert [output.text for output in said if output.name == "stderr" and "Warning: " in output.text] == []
    assert list(folder.iterdir()) == []  # whoever runs a notebook finds nothing beside it afterwards


@every_notebook
def test_a_notebook_runs(path, tmp_path):
    pytest.importorskip(NEEDED.get(path.stem, "numpy"))
    notebook = shortened(read(path), SHORT[path.stem])
    execute(notebook, tmp_path)
    pictures = [
        kind
        for cell in cells(notebook, "code")
        for output in cell.outputs
        for kind in output.get("data", {})
        if kind in ("image/png", "image/gif")
    ]
    assert set(pictures) == {"image/png", "image/gif"}


@pytest.mark.slow
@every_notebook
def test_the_solutions_run(path, tmp_path):
    pytest.importorskip(NEEDED.get(path.stem, "numpy"))
    notebook = read(path)
    assert solutions(notebook)
    execute(shortened(notebook, SHORT[path.stem], solutions(notebook)), tmp_path)


@every_notebook
def test_it_is_stored_clean(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}
        assert "attachments" not in cell
    for cell in cells(notebook, "code"):
        assert cell.execution_count is None
        assert cell.outputs == []
    # One way to write the file, line by line: a difference between two versions is a difference of what they say.
    assert path.read_text(encoding="utf-8") == nbformat.writes(notebook).rstrip("\n") + "\n"


@every_notebook
def test_the_constants_that_are_shortened_are_those_of_its_first_code_cell(path):
    notebook = read(path)
    first = cells(notebook, "code")[0]
    assert first.metadata.tags == ["parameters"]
    constants = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(first.source).body}
    assert constants.keys() == SHORT[path.stem].keys()
    assert all(SHORT[path.stem][name] < value for name, value in constants.items())


@every_notebook
def test_text_is_there_for_every_step(path):
    notebook = read(path)
    assert notebook.cells[0].source.startswith(f"# {path.stem[0]}. ")
    assert len(cells(notebook, "markdown")) >= 0.6 * len(cells(notebook, "code"))
    assert any(cell.source.startswith("## Exercises") or "\n## Exercises\n" in cell.source for cell in notebook.cells)
    for target in re.findall(r"\]\(([\w.]+\.ipynb)\)", "\n".join(cell.source for cell in notebook.cells)):
        assert (FOLDER / target).exists()


def test_all_are_known_and_listed():
    assert [path.stem for path in NOTEBOOKS] == sorted(SHORT)
    page = (DOCS / "notebooks.md").read_text(encoding="utf-8")
    assert re.findall(r"`([\w.]+\.ipynb)`", page) == [path.name for path in NOTEBOOKS]
