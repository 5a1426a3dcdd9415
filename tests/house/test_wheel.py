"""What is installed: three packages, the commands, the pytest plugin, and nothing else."""

import configparser
import tomllib
import zipfile

import pytest
from hatchling.builders.wheel import WheelBuilder
from places import ROOT

PACKAGES = {"rlenvs", "rlenvs_agents", "rlenvs_play"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(path) as archive:
        yield archive


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_top_level_names(wheel, project):
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == PACKAGES | {f"rlenvs-{project['version']}.dist-info"}


def test_packages_are_whole_and_typed(wheel):
    names = set(wheel.namelist())
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    folders = {"rlenvs": ROOT, "rlenvs_agents": ROOT / "agents", "rlenvs_play": ROOT / "play"}
    for package, parent in folders.items():
        here = {str(path.relative_to(parent)) for path in (parent / package).rglob("*.py")}
        assert here == {name for name in names if name.startswith(f"{package}/") and name.endswith(".py")}


def test_the_template_of_new_projects_is_whole(wheel):
    template = ROOT / "rlenvs" / "template"
    here = {path.relative_to(ROOT).as_posix() for path in template.rglob("*") if path.is_file()}
    here = {name for name in here if "__pycache__" not in name}
    assert here == {name for name in wheel.namelist() if name.startswith("rlenvs/template/")}


def test_entry_points(wheel, project):
    (name,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read_string(wheel.read(name).decode())
    groups = {group: dict(parser[group]) for group in parser.sections()}
    assert groups.pop("console_scripts") == project["scripts"]
    assert groups == project["entry-points"]


def test_every_entry_point_leads_to_something(project):
    from importlib.metadata import EntryPoint

    for group, points in project["entry-points"].items():
        for name, target in points.items():
            assert EntryPoint(name, target, group).load() is not None


def test_version_is_stated_once_more_in_the_package(project):
    import rlenvs

    assert rlenvs.__version__ == project["version"]
