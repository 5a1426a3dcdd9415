"""Every environment is described under the same headings, and its table of arguments is its signature."""

import inspect
import re
from importlib import import_module

import gymnasium as gym
import pytest

import rlenvs  # noqa: F401  # registers the ids

HEADINGS = [
    "Description",
    "Action Space",
    "Observation Space",
    "Starting State",
    "Rewards",
    "Episode End",
    "Information",
    "Arguments",
    "Version History",
    "References",
]


def environment_classes():
    points = {spec.entry_point for spec in gym.registry.values() if spec.namespace == "rlenvs"}
    classes = [getattr(import_module(point.partition(":")[0]), point.partition(":")[2]) for point in points]
    return sorted(classes, key=lambda cls: cls.__name__)


CLASSES = environment_classes()


def _written(cls, parameter):
    """The default as the table writes it; None may stand for a setting of the module's own table of defaults."""
    settings = getattr(import_module(cls.__module__), "DEFAULTS", {})
    value = settings.get(parameter.name) if parameter.default is None else parameter.default
    return f"`{value!r}`".replace("'", '"')


def sections(cls):
    text = inspect.cleandoc(cls.__doc__ or "")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_headings_in_their_order(cls):
    assert list(sections(cls)) == HEADINGS
    assert all(text.strip() for text in sections(cls).values())


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_arguments_are_the_signature(cls):
    rows = re.findall(r"^\| `(\w+)`\s*\| (.+?)\s*\| (.+?)\s*\|$", sections(cls)["Arguments"], flags=re.MULTILINE)
    documented = [(name, default) for name, default, _ in rows]
    parameters = list(inspect.signature(cls).parameters.values())
    assert [name for name, _ in documented] == [parameter.name for parameter in parameters]
    for parameter, (name, default) in zip(parameters, documented, strict=True):
        if parameter.default is None and "`" not in default:
            continue  # None stands for what the words say, such as "the toy"
        assert default == _written(cls, parameter), name
    assert all(len(meaning.split()) > 1 for _, _, meaning in rows)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_first_line_is_a_short_sentence(cls):
    first = (cls.__doc__ or "").strip().partition("\n")[0]
    assert first.endswith(".")
    assert len(first) <= 110


def test_the_four_environments_are_there():
    assert {"MDP", "GridWorld", "MarkovChain", "Snake"} <= {cls.__name__ for cls in CLASSES}


def test_the_namespace_holds_what_the_table_lists():
    from rlenvs.registration import ENTRIES

    registered = {spec.id for spec in gym.registry.values() if spec.namespace == "rlenvs"}
    assert registered == {f"rlenvs/{entry.name}" for entry in ENTRIES}
