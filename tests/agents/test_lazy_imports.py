import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "torch", "stable_baselines3", "matplotlib", "pygame", "scipy.stats")


def loaded_after(code: str) -> set[str]:
    probe = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    return set(subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import rlenvs_agents",
        "from rlenvs_agents import QLearning, compare, train, evaluate, ALGORITHMS",
        "from rlenvs_agents import DQN, SB3PPO",
        "import rlenvs_agents.commands",
        "import gymnasium, rlenvs, rlenvs_agents as a\n"
        "agent = a.QLearning(gymnasium.make('rlenvs/GridWorld-v0'), seed=0).learn(100)\n"
        "a.evaluate(agent, 'rlenvs/GridWorld-v0', episodes=1)",
    ],
)
def test_no_framework_is_loaded_before_it_is_needed(code: str) -> None:
    assert loaded_after(code) == set()


def test_stable_baselines_does_not_load_tensorflow() -> None:
    pytest.importorskip("stable_baselines3")
    code = "from rlenvs_agents.sb3.loading import library\nlibrary('stable_baselines3', 'DQN')"
    assert "tensorflow" not in loaded_after(code)


def test_every_public_name_can_be_had() -> None:
    import rlenvs_agents

    for name in rlenvs_agents.__all__:
        assert getattr(rlenvs_agents, name) is not None
    with pytest.raises(AttributeError, match="Nothing"):
        rlenvs_agents.Nothing  # noqa: B018
