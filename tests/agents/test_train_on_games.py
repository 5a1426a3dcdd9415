"""Atari games from the command line: what a preset brings, what is remembered, and how a run goes on."""

import inspect
import json

import numpy as np
import pytest

from rlenvs.cli import run as rlenvs
from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.atari_presets import atari_presets, game_of
from rlenvs_agents.environments import make
from rlenvs_agents.presets import preset, whole_preset

TRAINING = {"chain": "atari", "life_loss_ends": True, "clip_reward": True}


@pytest.mark.parametrize(
    ("env_id", "game"),
    [
        ("ALE/Breakout-v5", "Breakout"),
        ("BreakoutNoFrameskip-v4", "Breakout"),
        ("SpaceInvadersDeterministic-v4", "SpaceInvaders"),
        ("Pong-v0", "Pong"),
        ("ALE/Tennis-v5", "Tennis"),
        ("CartPole-v1", ""),
        ("rlenvs/Snake-v0", ""),
    ],
)
def test_the_ids_of_games(env_id, game) -> None:
    assert game_of(env_id) == game
    assert bool(atari_presets("dqn", env_id)) == bool(game)


def test_the_presets_of_games() -> None:
    for algo in ("dqn", "sb3-dqn"):
        for name in atari_presets(algo, "ALE/Breakout-v5"):
            assert algorithm(algo).config(preset(algo, "ALE/Breakout-v5", name)) is not None
    known = whole_preset("dqn", "ALE/SpaceInvaders-v5", "atari")
    assert known.env_kwargs == TRAINING
    assert known.scoring == {"episodes": 30, "epsilon": 0.01}
    assert whole_preset("dqn", "ALE/Breakout-v5", "book-breakout").env_kwargs == {"chain": "atari", "sticky": 0.0}
    with pytest.raises(ValueError, match="must be one of default, atari, zoo for dqn on ALE/Pong-v5, got 'book-break"):
        preset("dqn", "ALE/Pong-v5", "book-breakout")
    assert whole_preset("dqn", "CartPole-v1", "zoo").env_kwargs == {}


def test_the_book_explores_as_it_says() -> None:
    exploration = algorithm("dqn").config(preset("dqn", "ALE/Breakout-v5", "book-breakout")).exploration.fixed(220_000)
    assert [exploration.rate(step) for step in (0, 20_000, 145_000, 270_000)] == pytest.approx([1, 1, 0.505, 0.01])
    assert exploration.rate(220_000) == pytest.approx(0.208)  # where it ends: the published "about 0.2"


def test_both_libraries_have_the_same_updates_and_exploration() -> None:
    for name in ("atari", "zoo"):
        ours = preset("dqn", "ALE/Pong-v5", name)
        theirs = preset("sb3-dqn", "ALE/Pong-v5", name)["settings"]
        assert (ours["batch_size"], ours["train_every_steps"]) == (theirs["batch_size"], theirs["train_freq"])
        assert ours["learning_starts"] == theirs["learning_starts"]
        schedule = ours["exploration"]
        found = theirs["exploration_fraction"], theirs["exploration_final_eps"]
        assert (schedule["fraction"], schedule["end"]) == found
        assert ours["buffer_size"] == theirs["buffer_size"]
        mine, other = (whole_preset(algo, "ALE/Pong-v5", name) for algo in ("dqn", "sb3-dqn"))
        assert (mine.env_kwargs, mine.scoring) == (other.env_kwargs, other.scoring)
        assert mine.settings["discount"] == other.settings["discount"]
    # The Zoo's settings are the same in all that both have; SB3 counts steps where we count updates.
    assert ours["learning_rate"] == theirs["learning_rate"]
    assert ours["target"]["every_updates"] * ours["train_every_steps"] == theirs["target_update_interval"]
    stable_baselines3 = pytest.importorskip("stable_baselines3")
    limit = inspect.signature(stable_baselines3.DQN).parameters["max_grad_norm"].default
    assert algorithm("dqn").config(ours).max_gradient_norm == limit


def test_a_game_without_its_chain_is_refused(tmp_path, capsys) -> None:
    """It would be a small network on whole screens, or a message about a namespace."""
    assert rlenvs(["train", "--algo", "dqn", "--env", "ALE/Breakout-v5", "-n", "10", "--out", str(tmp_path / "a")]) == 2
    assert "add `--preset atari`" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


SMALL = ["-p", "learning_starts=150", "-p", "buffer_size=1000", "-k", "max_num_frames_per_episode=300"]


def test_breakout_from_the_command_line(tmp_path, capsys) -> None:
    """300 steps, 37 updates; games are cut off after 75 steps."""
    pytest.importorskip("ale_py")
    pytest.importorskip("tensorflow")
    run = tmp_path / "run"
    words = ["train", "--algo", "dqn", "--env", "ALE/Breakout-v5", "--preset", "atari", "-n", "300", "--out", str(run)]
    assert rlenvs([*words, *SMALL, "--pictures", "--checkpoint-every", "200"]) == 0
    config = json.loads((run / "config.json").read_text())
    assert config["env_kwargs"] == {**TRAINING, "max_num_frames_per_episode": 300}
    assert (run / "episode.gif").read_bytes().startswith(b"GIF8")
    assert (run / "curves.png").is_file()
    found = json.loads((run / "evaluation.json").read_text())
    assert found["episodes"] == 30
    lengths = np.array(found["lengths"])
    assert (lengths <= 75).all()
    assert (lengths > 60).any()  # whole games, not lives
    capsys.readouterr()
    assert rlenvs(["eval", str(run), "--episodes", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["episodes"], told["epsilon"]) == (2, 0.01)
    assert rlenvs(["record", str(run), "--out", str(tmp_path / "a.json")]) == 0


@pytest.mark.parametrize("lanes", [1, 2])
def test_a_game_goes_on_bit_for_bit(lanes, tmp_path) -> None:
    """Saved in the middle of a game, after lost lives; learned on in another environment."""
    pytest.importorskip("ale_py")
    pytest.importorskip("tensorflow")
    known, row = whole_preset("dqn", "ALE/Breakout-v5", "atari"), algorithm("dqn")
    settings = {**known.settings, "learning_starts": 100, "buffer_size": 150, "lanes": lanes}

    def made():
        return make("ALE/Breakout-v5", known.env_kwargs)

    first = row.load()(made(), row.config(settings), seed=0)
    first.learn(140, schedule_steps=240).save(tmp_path / "agent")
    second = row.agent_class().load(tmp_path / "agent", made())
    one, other = (agent.learn(100) for agent in (first, second))
    assert one.num_timesteps == other.num_timesteps == 240
    assert one.episodes.get_state() == other.episodes.get_state()
    one_parts, other_parts = one._saved(), other._saved()
    for name, array in one_parts.arrays.items():
        assert np.array_equal(array, other_parts.arrays[name]), name
    for name, array in one_parts.memory.items():
        assert np.array_equal(array, other_parts.memory[name]), name
