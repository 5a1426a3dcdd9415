"""A finite Markov decision process as validated, read-only data."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlenvs.core.mdp_checks import check_mask, check_outcomes, read_start, read_terminal
from rlenvs.core.mdp_input import read_outcomes

if TYPE_CHECKING:
    import gymnasium as gym
    from scipy.sparse import csr_array

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ToyText = dict[int, dict[int, list[tuple[float, int, float, bool]]]]


class Outcomes(NamedTuple):
    """Everything that can happen, row after row; row ``state * n_actions + action``.

    The outcomes of row ``r`` are the entries ``offsets[r] : offsets[r + 1]`` of the other arrays. Two outcomes of
    one row may lead to the same state with different rewards.
    """

    offsets: IntArray  # (S * A + 1,)
    next_state: IntArray  # (K,)
    probability: FloatArray  # (K,)
    reward: FloatArray  # (K,)


class FiniteMDP:
    """States ``0 … S-1``, actions ``0 … A-1``, and what each action does with which probability.

    Terminal states absorb: whatever is given for them, their rows are self-loops with reward 0 and every action is
    possible there. An impossible action is a self-loop with reward 0 as well; planners never choose it.

    Args:
        transition: probabilities, dense of shape (S, A, S), or sparse: one SciPy matrix of shape (S * A, S) whose row
            ``s * A + a`` belongs to state s and action a, or a sequence of A matrices of shape (S, S).
        reward: (S, A, S) or (S, A), or sparse in either form of ``transition``.
        start: the start state, or a distribution of shape (S,).
        terminal: indices of the terminal states, or a boolean mask of shape (S,).
        action_mask: (S, A), nonzero where the action is possible; None: all are.

    Raises:
        ValueError: if the data are no MDP; the message names the state and the action.

    The definition is that of Puterman, Markov Decision Processes (1994), section 2.1.
    """

    def __init__(
        self,
        transition: Any,
        reward: Any,
        *,
        start: int | ArrayLike = 0,
        terminal: ArrayLike = (),
        action_mask: ArrayLike | None = None,
    ) -> None:
        outcomes, n_states, n_actions = read_outcomes(transition, reward)
        self._fill(Outcomes(*outcomes), n_states, n_actions, start, terminal, action_mask)

    @classmethod
    def from_outcomes(
        cls,
        outcomes: Outcomes,
        n_states: int,
        n_actions: int,
        *,
        start: int | ArrayLike = 0,
        terminal: ArrayLike = (),
        action_mask: ArrayLike | None = None,
    ) -> FiniteMDP:
        """Build from a list of outcomes, for builders that know more than (S, A, S) arrays can hold.

        Raises:
            ValueError: as the constructor does.
        """
        mdp = cls.__new__(cls)
        mdp._fill(outcomes, n_states, n_actions, start, terminal, action_mask)
        return mdp

    @classmethod
    def from_env(cls, env: gym.Env[Any, Any] | Any) -> FiniteMDP:
        """Read the ``P`` of any Gymnasium toy-text environment (FrozenLake, CliffWalking, Taxi, …).

        The rows of states that are only ever entered with ``terminated`` are ignored: such a state is terminal. A
        state that can be entered both ways is split; its terminal twin is appended after the last state.

        Raises:
            TypeError: if the environment has no ``P``.
            ValueError: if its start distribution is unknown, or its rows are no distributions.
        """
        from rlenvs.core.toy_text import outcomes_from_toy_text

        model = getattr(getattr(env, "unwrapped", env), "model", None)
        if isinstance(model, FiniteMDP):
            return model
        outcomes, n_states, n_actions, start, terminal = outcomes_from_toy_text(env)
        return cls.from_outcomes(Outcomes(*outcomes), n_states, n_actions, start=start, terminal=terminal)

    def _fill(
        self,
        outcomes: Outcomes,
        n_states: int,
        n_actions: int,
        start: int | ArrayLike,
        terminal: ArrayLike,
        action_mask: ArrayLike | None,
    ) -> None:
        self.n_states = n_states
        self.n_actions = n_actions
        self.terminal: BoolArray = read_terminal(terminal, n_states)
        self.action_mask: BoolArray = check_mask(action_mask, self.terminal, n_actions)
        self.start: FloatArray = read_start(start, self.terminal)
        idle = (~self.action_mask | self.terminal[:, None]).ravel()
        check_outcomes(outcomes, idle, n_states, n_actions)
        self.outcomes = Outcomes(*_with_self_loops(outcomes, idle, n_actions))
        self._lock()

    def _lock(self) -> None:
        for array in (self.terminal, self.action_mask, self.start, *self.outcomes):
            array.setflags(write=False)

    def __getstate__(self) -> dict[str, Any]:
        cached = ("cumulative", "start_cumulative", "start_states", "transition_matrix", "expected_reward")
        return {key: value for key, value in self.__dict__.items() if key not in cached}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock()  # NumPy forgets it on the way

    @cached_property
    def cumulative(self) -> FloatArray:
        """Cumulative probability within each row, (K,). The outcome of ``u`` is the first that exceeds it."""
        offsets, probability = self.outcomes.offsets, self.outcomes.probability
        width = int(np.diff(offsets).max())
        cumulative = probability.copy()
        # Row by row in the order of the outcomes, so that the sums are those a reader of one row would get.
        for k in range(1, width):
            at = offsets[:-1][np.diff(offsets) > k] + k
            cumulative[at] += cumulative[at - 1]
        cumulative.setflags(write=False)
        return cumulative

    @cached_property
    def start_cumulative(self) -> FloatArray:
        """Cumulative start distribution over :attr:`start_states`, as :attr:`cumulative` for the rows."""
        cumulative = np.cumsum(self.start[self.start_states])
        cumulative.setflags(write=False)
        return cumulative

    @cached_property
    def start_states(self) -> IntArray:
        """The states in which an episode can start, ascending."""
        states = np.flatnonzero(self.start).astype(np.int64)
        states.setflags(write=False)
        return states

    @cached_property
    def transition_matrix(self) -> csr_array[Any]:
        """Transition probabilities as a sparse matrix (S * A, S); row ``s * A + a``."""
        return self._sparse(self.outcomes.probability)

    @cached_property
    def expected_reward(self) -> FloatArray:
        """Mean reward of each action in each state, (S, A)."""
        offsets, _, probability, reward = self.outcomes
        means: FloatArray = np.add.reduceat(probability * reward, offsets[:-1])
        return means.reshape(self.n_states, self.n_actions)

    @property
    def transition(self) -> FloatArray:
        """Transition probabilities as a dense array (S, A, S)."""
        dense: FloatArray = self.transition_matrix.toarray()
        return dense.reshape(self.n_states, self.n_actions, self.n_states)

    @property
    def reward(self) -> FloatArray:
        """Mean reward of each transition as a dense array (S, A, S), 0 where the probability is 0."""
        _, _, probability, reward = self.outcomes
        weighted = self._sparse(probability * reward).toarray().reshape(self.transition.shape)
        chance = self.transition
        mean: FloatArray = np.divide(weighted, chance, out=np.zeros_like(weighted), where=chance > 0)
        return mean

    @property
    def P(self) -> ToyText:
        """The same in Gymnasium's toy-text form ``P[s][a] = [(probability, next_state, reward, terminated), …]``."""
        return {
            s: {a: self.row(s, a) for a in range(self.n_actions)}  # one dictionary per state
            for s in range(self.n_states)
        }

    def row(self, state: int, action: int) -> list[tuple[float, int, float, bool]]:
        """Outcomes of one action: ``[(probability, next_state, reward, terminated), …]``."""
        offsets, next_state, probability, reward = self.outcomes
        at = state * self.n_actions + action
        window = slice(int(offsets[at]), int(offsets[at + 1]))
        successors = next_state[window].tolist()
        return [
            (p, s, r, bool(self.terminal[s]))
            for p, s, r in zip(probability[window].tolist(), successors, reward[window].tolist(), strict=True)
        ]

    def _sparse(self, data: FloatArray) -> csr_array[Any]:
        from scipy.sparse import csr_array

        shape = (self.n_states * self.n_actions, self.n_states)
        # A copy: merging works in place, and the outcomes are read-only.
        matrix = csr_array((data, self.outcomes.next_state, self.outcomes.offsets), shape=shape, copy=True)
        matrix.sum_duplicates()
        return matrix

    def __deepcopy__(self, memo: dict[int, Any]) -> FiniteMDP:
        return self  # nothing in it can change

    def __repr__(self) -> str:
        return f"FiniteMDP({self.n_states} states, {self.n_actions} actions, {int(self.terminal.sum())} terminal)"


def _with_self_loops(outcomes: Outcomes, idle: BoolArray, n_actions: int) -> tuple[Any, ...]:
    """Drop outcomes of probability 0, and give every idle row the one outcome "stay, reward 0"."""
    offsets, next_state, probability, reward = outcomes
    kept = (probability > 0) & ~np.repeat(idle, np.diff(offsets))
    so_far = np.concatenate([[0], np.cumsum(kept)])
    new_offsets = np.zeros(idle.size + 1, dtype=np.int64)
    np.cumsum(np.diff(so_far[offsets]) + idle, out=new_offsets[1:])
    loops = new_offsets[:-1][idle]
    given = np.ones(new_offsets[-1], dtype=np.bool_)
    given[loops] = False

    def merged(values: Any, of_loops: Any) -> Any:
        result = np.empty(given.size, dtype=values.dtype)
        result[given] = values[kept]
        result[loops] = of_loops
        return result

    stay = np.flatnonzero(idle) // n_actions
    return new_offsets, merged(next_state, stay), merged(probability, 1.0), merged(reward, 0.0)
