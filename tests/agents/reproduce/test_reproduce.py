"""`rlenvs reproduce`: the records, the runner, the command, and every deterministic figure digit for digit."""

import json
from dataclasses import replace

import numpy as np
import pytest

from rlenvs.cli import run
from rlenvs_agents.reproduce import Experiment, Finding, Settings, experiments, registry, reproduce
from rlenvs_agents.reproduce.experiment import half_width, over_seeds

QUICK = [name for name, entry in experiments().items() if entry.deterministic and entry.seconds <= 2]


def test_records_are_whole():
    for name, entry in experiments().items():
        assert entry.id == name
        assert 1 <= entry.section <= 8
        assert entry.what
        assert entry.published
        assert entry.seconds > 0


def test_the_figures_of_the_first_sections_are_there():
    wanted = {
        "mdp-q-values", "mdp-policy", "mdp-q-learning", "chain-hitting-times", "chain-cut", "cartpole-lean",
        "cartpole-random", "cartpole-q-learning", "reinforce-returns", "reinforce-normalised", "cartpole-imitation",
        "cartpole-reinforce", "lunar-lander-reinforce",
    }  # fmt: skip
    assert wanted <= set(experiments())
    assert all(experiments()[name].published != "–" for name in wanted)


@pytest.mark.parametrize("name", QUICK)
def test_deterministic_figures_agree_digit_for_digit(name):
    finding = experiments()[name].run(Settings())
    assert finding.agrees is (None if experiments()[name].published == "–" else True), finding.ours


def test_q_learning_on_the_mdp_and_its_picture(tmp_path):
    from PIL import Image

    finding = experiments()["mdp-q-learning"].run(Settings(seeds=(0, 1, 2), folder=tmp_path))
    # Published runs end between 17.4 and 18.8; the spread over 100 seeds is 0.5 around 18.
    assert all(15.5 < value < 20.5 for value in finding.figures["last"])
    assert finding.exact == "18.9189"
    with Image.open(finding.pictures[0]) as picture:
        assert min(picture.size) >= 600
        assert np.asarray(picture.convert("L")).std() > 10


def test_random_cart_pole_is_near_the_published_figure():
    # Standard error over three times 500 episodes: 0.3.
    values = experiments()["cartpole-random"].run(Settings(seeds=(0, 1, 2))).figures["mean_return"]
    assert np.mean(values) == pytest.approx(22.3, abs=1.5)


def entry(name="a", seconds=1.0, deterministic=True, agrees=True, **settings):
    return Experiment(
        id=name, section=1, what="w", published="1", deterministic=deterministic, seconds=seconds,
        run=lambda settings: Finding(ours="1", agrees=agrees, figures={"seeds": settings.seeds}), **settings,
    )  # fmt: skip


@pytest.fixture
def table(monkeypatch):
    def put(*entries):
        monkeypatch.setattr(registry, "experiments", lambda: {e.id: e for e in entries})

    return put


def test_the_time_limit_leaves_out_what_does_not_fit(table):
    table(entry("long", 1000), entry("short", 1), entry("chance", 20, deterministic=False))
    outcomes = {o.experiment.id: o for o in reproduce(time_limit=10.0)}
    assert outcomes["short"].finding.ours == "1"
    assert outcomes["long"].finding is None
    assert "takes about 1000 s" in outcomes["long"].skipped
    assert "takes about 20 s" in outcomes["chance"].skipped
    assert reproduce(["chance"], Settings(seeds=(0, 1)), time_limit=10.0)[0].finding.figures == {"seeds": (0, 1)}


def test_what_is_not_installed_is_said(table):
    table(entry(needs={"no_such_module_here": "agents"}))
    assert reproduce()[0].skipped == 'not installed: pip install "rlenvs[agents]"'


def test_unknown_ids_and_bad_limits(table):
    table(entry("cartpole-lean"))
    with pytest.raises(ValueError, match="Did you mean 'cartpole-lean'"):
        reproduce(["cartpole-leen"])
    with pytest.raises(ValueError, match="`time_limit`"):
        reproduce(time_limit=-1.0)


def test_intervals():
    # Student's quantile for four degrees of freedom is 2.7764; the sample's standard deviation is √2.5.
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert half_width(values) == pytest.approx(2.776445 * np.sqrt(2.5 / 5), rel=1e-6)
    assert over_seeds(values, 1) == "3.0 ± 2.0 (5 seeds)"
    assert over_seeds([4.0]) == "4.00 (1 seed)"


def test_the_command(tmp_path, capfd):
    assert run(["reproduce", "cartpole-lean", "mdp-policy", "--out", str(tmp_path), "--json"]) == 0
    out, err = capfd.readouterr()
    records = {record["id"]: record for record in json.loads(out)}
    assert records["cartpole-lean"]["ours"] == records["cartpole-lean"]["published"]
    assert "cartpole-lean" in err
    assert json.loads((tmp_path / "results.json").read_text())["outcomes"] == list(records.values())


def test_the_command_lists_and_refuses(tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["reproduce", "--list"]) == 0
    out, _ = capfd.readouterr()
    assert "41.698 / 8.389445512070509 / 24 / 63" in " ".join(out.split())
    assert list(tmp_path.iterdir()) == []
    assert run(["reproduce", "cartpole-leen"]) == 2
    _, err = capfd.readouterr()
    assert "Did you mean 'cartpole-lean'" in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_figure_that_differs_is_status_1(table, tmp_path, capfd):
    table(entry(agrees=False))
    assert run(["reproduce", "--out", str(tmp_path)]) == 1
    out, _ = capfd.readouterr()
    assert "NO" in out


def test_what_runs_on_request_runs_only_when_it_is_named(table):
    table(entry("long", on_request=True), entry("short"))
    outcomes = {o.experiment.id: o for o in reproduce()}
    assert outcomes["long"].skipped == "runs only when it is named"
    assert outcomes["short"].finding is not None
    assert reproduce(["long"])[0].finding is not None


def test_what_earlier_calls_found_stays(table, tmp_path, capfd):
    table(entry("first"), entry("second"), entry("third", on_request=True))
    assert run(["reproduce", "first", "--out", str(tmp_path)]) == 0
    assert run(["reproduce", "second", "third", "--out", str(tmp_path)]) == 0
    kept = json.loads((tmp_path / "results.json").read_text())["outcomes"]
    assert [(record["id"], record["ours"]) for record in kept] == [("first", "1"), ("second", "1"), ("third", "1")]
    assert run(["reproduce", "--out", str(tmp_path)]) == 0  # without the third, whose finding stays
    assert json.loads((tmp_path / "results.json").read_text())["outcomes"][2]["ours"] == "1"


def test_an_error_in_one_row_does_not_lose_the_others(table, tmp_path, capfd):
    def fail(settings):
        raise RuntimeError("no space left")

    broken = replace(entry("broken"), run=fail)
    table(broken, entry("whole"))
    assert run(["reproduce", "--out", str(tmp_path)]) == 1
    out, _ = capfd.readouterr()
    assert "RuntimeError: no space left" in " ".join(out.split())
    kept = {record["id"]: record for record in json.loads((tmp_path / "results.json").read_text())["outcomes"]}
    assert kept["broken"]["failed"]
    assert kept["whole"]["ours"] == "1"
