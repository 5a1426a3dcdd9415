"""Teachers by name: who they are, what they know, and that a run can name them."""

from typing import Any

import gymnasium as gym
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents import Truth, ValueIteration, train
from rlenvs_agents.imitation import ImitationConfig
from rlenvs_agents.imitation.teachers import teacher_of
from rlenvs_agents.policy_search.hand_written import cart_pole_lean, mountain_car_momentum


@pytest.mark.parametrize(
    ("name", "env_id", "policy"),
    [("lean", "CartPole-v1", cart_pole_lean), ("momentum", "MountainCar-v0", mountain_car_momentum)],
)
def test_hand_written_ones_are_found_where_they_are_at_home(name: str, env_id: str, policy: Any) -> None:
    assert teacher_of(name, gym.make(env_id), 0.9) is policy
    with pytest.raises(ValueError, match=f"`teacher` '{name}' plays {env_id}"):
        teacher_of(name, gym.make("Acrobot-v1"), 0.9)


def test_the_optimum_is_that_of_the_discount() -> None:
    """At 0.9 the best policy of the MDP stays out of the fire, at 0.95 it goes through it."""
    env = gym.make("rlenvs/MDP-v0")
    ways = [
        teacher_of("optimal", env, gamma).predict([0, 1, 2], deterministic=True)[0].tolist() for gamma in (0.9, 0.95)
    ]
    assert ways == [[0, 0, 1], [0, 2, 1]]
    with pytest.raises(ValueError, match="`teacher` 'optimal' needs a finite environment"):
        teacher_of("optimal", gym.make("CartPole-v1"), 0.9)


def test_a_saved_agent_teaches(tmp_path: Any) -> None:
    env = gym.make("rlenvs/GridWorld-v0")
    place = ValueIteration(env).learn(1).save(tmp_path / "teacher")
    assert teacher_of(f"run:{place}", env, 0.9).predict(env.reset(seed=0)[0], deterministic=True)[0] in range(4)


@pytest.mark.parametrize("name", ["leen", "run:", "minari:", 3])
def test_others_are_unknown(name: Any) -> None:
    with pytest.raises(ValueError, match="`teacher` must be one of"):
        ImitationConfig(teacher=name)


def test_a_run_copies_the_optimum(tmp_path: Any) -> None:
    """Deterministic teacher, 15 states, 64 units: after 200 updates of 50 lanes the copy is exactly optimal."""
    pytest.importorskip("tensorflow")
    run = train("imitation", "rlenvs/GridWorld-v0", 10_000, out=tmp_path / "run", settings={"learning_rate": 0.01})
    truth = Truth.of(gym.make("rlenvs/GridWorld-v0"))
    assert truth is not None
    assert truth.measure(run.agent, 0.99).distance == pytest.approx(0, abs=1e-9)
