"""The command's output and exit status."""

import json
import sys

import pytest
import typer
from typer.testing import CliRunner

from rlenvs.conformance.command import check_command, waivers_from
from tests.conformance.mutants.world import World

app = typer.Typer()
app.command()(check_command)


def noisy() -> World:
    sys.stdout.write("an environment that talks\n")
    return World()


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout


def test_a_sound_environment_gives_status_0_and_one_json_object() -> None:
    status, output = run(f"{__name__}:noisy", "--json")
    report = json.loads(output)
    assert status == 0
    assert report["ok"] is True
    assert not [f for f in report["findings"] if f["severity"] == "error"]


def test_a_mutant_gives_status_1_and_names_defect_harm_and_remedy() -> None:
    status, output = run("tests.conformance.mutants.data:NumpyBoolTerminatedInBox")
    assert status == 1
    assert "flags-plain-bool" in output
    assert "in training:" in output
    assert "to mend it:" in output


@pytest.mark.parametrize("target", ["Nope-v0", "no_such_module:make", f"{__name__}:nothing"])
def test_what_cannot_run_gives_status_2_and_one_sentence(target: str) -> None:
    result = CliRunner().invoke(app, [target])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_an_unknown_waiver_gives_status_2() -> None:
    assert CliRunner().invoke(app, ["CartPole-v1", "--waive", "reward-scal"]).exit_code == 2


def test_the_list_names_every_check() -> None:
    from rlenvs.conformance import all_checks

    status, output = run("--list")
    assert status == 0
    assert all(check.name[:12] in output for check in all_checks())


def test_waivers_take_a_reason() -> None:
    assert waivers_from(["reward-scale=prices", "speed"]) == {
        "reward-scale": "prices",
        "speed": "waived on the command line",
    }
