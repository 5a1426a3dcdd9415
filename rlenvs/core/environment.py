"""The single environment: everything that is not a rule."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import gymnasium as gym
import numpy as np

from rlenvs.core.actions import checked_action
from rlenvs.core.chance import drawn_ahead, give_back
from rlenvs.core.rules import Rules
from rlenvs.rendering import Window, draw

StateT = TypeVar("StateT")
ObsT = TypeVar("ObsT")

RENDER_MODES = ("human", "rgb_array", "ansi")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that decides how an episode goes on: the state, whether it has ended, and the generator."""

    state: Any
    ended: bool
    generator: dict[str, Any]
    seed: int | None


class RulesEnv(gym.Env[ObsT, int], Generic[StateT, ObsT]):
    """A Gymnasium environment over :class:`~rlenvs.core.rules.Rules`.

    Exactly one uniform number is drawn from ``np_random`` per reset and one per step, whether the rules need it or
    not, so that a lane of a vector environment can follow it bit for bit. They are drawn ahead in blocks as long as
    nobody has asked for ``np_random`` or set it; from then on one by one, until the next ``reset(seed=...)`` makes a
    new generator. So a generator that somebody holds always stands behind the last number that was used.

    Args:
        rules: the game.
        render_mode: None, "human", "rgb_array" or "ansi".

    Raises:
        ValueError: if ``render_mode`` is none of these.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 8}
    keys_to_action: ClassVar[dict[tuple[int | str, ...], int]] = {}

    def __init__(self, rules: Rules[StateT, ObsT], *, render_mode: str | None = None) -> None:
        if render_mode is not None and render_mode not in RENDER_MODES:
            raise ValueError(f"`render_mode` must be None or one of {RENDER_MODES}, got {render_mode!r}.")
        self.rules = rules
        self.render_mode = render_mode
        self.observation_space = rules.observation_space
        self.action_space = gym.spaces.Discrete(len(rules.action_meanings))  # type: ignore[assignment]  # samples int64
        self._n_actions = len(rules.action_meanings)
        self._state: StateT | None = None
        self._ended = False
        self._window: Window | None = None
        self._uniforms: list[float] = []
        self._shared = False

    @property
    def np_random(self) -> np.random.Generator:
        """The generator, to be kept and drawn from: it stands behind the last number that was used, now and later."""
        self._shared = True
        return self.settled_generator()

    @np_random.setter
    def np_random(self, value: np.random.Generator) -> None:
        self._shared = True
        self._take(value, seed=-1)  # as Gymnasium has it: a generator set by hand has no known seed

    def settled_generator(self) -> np.random.Generator:
        """The generator, to be read or put into another state at once, and not to be kept.

        It stands behind the last number that was used: what is drawn ahead has gone back. Other than ``np_random`` it
        may stand further on after the next step or reset, which may draw ahead again.
        """
        generator = super().np_random
        if self._uniforms:
            give_back(generator, len(self._uniforms))
            self._uniforms.clear()
        return generator

    def _take(self, generator: np.random.Generator, *, seed: int | None) -> None:
        self._uniforms.clear()
        self._np_random, self._np_random_seed = generator, seed

    def _draw(self) -> float:
        """The next uniform number, when none is left of those drawn ahead."""
        generator = super().np_random
        if self._shared:
            return generator.random()
        self._uniforms = drawn_ahead(generator)
        return self._uniforms.pop()

    @property
    def action_meanings(self) -> tuple[str, ...]:
        """One word in capitals per action."""
        return self.rules.action_meanings

    def get_action_meanings(self) -> list[str]:
        """The same as a list, under the name that ALE uses."""
        return list(self.rules.action_meanings)

    def get_keys_to_action(self) -> dict[tuple[int | str, ...], int]:
        """Keys for play: one-character strings and SDL key codes -> action."""
        return dict(self.keys_to_action)

    def reset(
        self,
        *,
        seed: int | None = None,
        options: dict[str, Any] | None = None,  # noqa: ARG002  # part of Gymnasium's signature
    ) -> tuple[ObsT, dict[str, Any]]:
        """Start an episode; ``options`` are ignored.

        Returns:
            The first observation and the info.

        Raises:
            gymnasium.error.Error: if the seed is no integer of at least 0; nothing has changed then.
        """
        if seed is not None:
            super().reset(seed=seed)
            self._uniforms.clear()
            self._shared = False
        rules = self.rules
        self._state = state = rules.initial(self._uniforms.pop() if self._uniforms else self._draw())
        self._ended = False
        if self.render_mode == "human":
            self.render()
        return rules.observe(state), rules.info(state)

    def step(self, action: int) -> tuple[ObsT, float, bool, bool, dict[str, Any]]:
        """Take one action.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset and after the end of an episode.
            InvalidActionError: if the action is not in the action space; nothing has changed then.
        """
        state = self._state
        if state is None or self._ended:
            raise _reset_needed(ended=self._ended)
        if action.__class__ is not int or not 0 <= action < self._n_actions:
            action = checked_action(action, self.rules.action_meanings)
        rules = self.rules
        u = self._uniforms.pop() if self._uniforms else self._draw()
        self._state, reward, terminated, truncated = rules.transition(state, action, u)
        self._ended = terminated or truncated
        if self.render_mode == "human":
            self.render()
        state = self._state
        return rules.observe(state), reward, terminated, truncated, rules.info(state)

    def render(self) -> Any:
        """Draw the present state.

        Returns:
            None (human), a uint8 array (height, width, 3), or a string (ansi).

        Raises:
            gymnasium.error.ResetNeeded: before the first reset.
        """
        if self.render_mode is None:
            gym.logger.warn(
                "render() without a render mode draws nothing; choose one when making the environment, "
                'as in gym.make("rlenvs/GridWorld-v0", render_mode="rgb_array").'
            )
            return None
        if self._state is None:
            raise _reset_needed(ended=False)
        scene = self.rules.scene(self._state)
        if self.render_mode == "ansi":
            return scene.text
        if self.render_mode == "rgb_array":
            return draw(scene)
        if self._window is None:
            self._window = Window(title=type(self).__name__, fps=self.metadata["render_fps"])
        self._window.show(draw(scene))
        return None

    def close(self) -> None:
        """Close the window, if there is one. May be called at any time and more than once."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def get_state(self) -> Snapshot:
        """A full snapshot: state and generator. Later steps do not change it.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset.
        """
        if self._state is None:
            raise _reset_needed(ended=False)
        generator = copy.deepcopy(dict(self.settled_generator().bit_generator.state))
        return Snapshot(copy.deepcopy(self._state), self._ended, generator, self._np_random_seed)

    def set_state(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of this environment or of another made with the same arguments.

        Raises:
            TypeError: if it is not a snapshot.
            ValueError: if its state is none of this environment; nothing has changed then.
        """
        if not isinstance(snapshot, Snapshot):
            raise TypeError(f"`snapshot` must come from `get_state()`, got {snapshot!r}.")
        if not self.holds(snapshot.state):
            raise foreign_snapshot()
        # A generator of its own: the seed only serves to make one, its state is overwritten.
        bit_generator = getattr(np.random, snapshot.generator["bit_generator"])(0)
        bit_generator.state = copy.deepcopy(snapshot.generator)
        self._shared = False
        self._take(np.random.Generator(bit_generator), seed=snapshot.seed)
        self._state = copy.deepcopy(snapshot.state)
        self._ended = snapshot.ended

    def holds(self, state: Any) -> bool:
        """Whether it can be a state of this environment: whether an observation of the space is seen of it."""
        try:
            return self.observation_space.contains(self.rules.observe(state))
        except (AttributeError, IndexError, TypeError, ValueError):  # a state of something else
            return False

    def __getstate__(self) -> dict[str, Any]:
        # A window belongs to one process and one environment: a copy opens its own when it first draws.
        return {**self.__dict__, "_window": None}


def foreign_snapshot() -> ValueError:
    """The error of a snapshot that belongs elsewhere."""
    return ValueError(
        "`snapshot` holds a state that this environment does not have; it must come from `get_state()` of an "
        "environment made with the same arguments."
    )


def _reset_needed(*, ended: bool) -> gym.error.ResetNeeded:
    when = "the episode has ended" if ended else "the environment has not been reset"
    return gym.error.ResetNeeded(f"Call reset() first: {when}.")
