"""Replay memory: the newest transitions of n steps, in memory allocated once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rlenvs_agents.memory.limits import require
from rlenvs_agents.memory.pieces import Arrays, Within
from rlenvs_agents.memory.samplers import Live, Sampler, Uniform
from rlenvs_agents.memory.stores import Store, Whole
from rlenvs_agents.memory.tails import Tail
from rlenvs_agents.memory.transitions import Sample, Transitions


class ReplayMemory:
    """Remembers the last ``size`` transitions; the oldest give way.

    Observations are in a ring of their own (``store``), each once; a transition refers to the two that it leads from
    and to. It is forgotten together with the first of its observations.

    A transition spans n steps, fewer at the end of an episode: a step that terminates leaves nothing to bootstrap
    from (discount 0), a truncated one bootstraps from the true last observation with γ^k. None spans two episodes.
    An episode that was broken off, so that the next observation is not where the last step led, counts as truncated.

    Args:
        size: transitions.
        shape: of one observation.
        dtype: of one observation.
        n_actions: A.
        lanes: L, copies of the environment that are stepped together.
        discount: γ.
        n_steps: n.
        store: how observations are kept: Whole() or Frames().
        sampler: how transitions are drawn: Uniform() or Prioritised().

    Raises:
        ValueError: if an argument is out of range, or the memory would not fit in what this machine has free.

    Example:
        >>> replay = ReplayMemory(100, (2,), np.float32, 3, discount=0.5)
        >>> replay.add_one(np.zeros(2, np.float32), 1, 1.0, False, False, np.ones(2, np.float32))
        >>> replay.sample(np.random.default_rng(0), (4,)).transitions.next_observation.shape
        (4, 2)
    """

    def __init__(  # noqa: PLR0913  # those that have defaults are by keyword
        self,
        size: int,
        shape: tuple[int, ...],
        dtype: DTypeLike,
        n_actions: int,
        *,
        lanes: int = 1,
        discount: float = 0.99,
        n_steps: int = 1,
        store: Store | None = None,
        sampler: Sampler | None = None,
    ) -> None:
        for name, value in (("size", size), ("n_actions", n_actions), ("lanes", lanes), ("n_steps", n_steps)):
            if value < 1:
                raise ValueError(f"`{name}` must be a whole number of at least 1, got {value!r}.")
        if not 0 <= discount <= 1:
            raise ValueError(f"`discount` must be between 0 and 1, got {discount!r}.")
        store, sampler = store or Whole(), sampler or Uniform()
        frames = store.frames(shape)
        # Beside what is remembered there must be room for what the lanes have begun and not yet completed.
        records = store.records(size) + lanes * (n_steps + 1) * (frames + 1)
        entry = 4 + 4 + 4 + 4 + 4 + 8 + n_actions
        needed = store.needs(records, shape, dtype) + size * entry + sampler.needs(size)
        require(needed, f"a replay memory of `size` {size} with observations of shape {shape}", "use a smaller one")
        self.size = size
        self.stored = 0  # transitions that can be drawn
        self.lanes = lanes
        self._dtype = np.dtype(dtype)
        self._oldest = 0  # the place of the oldest transition
        self._ring = store.make(records, shape, dtype)
        self._draw = sampler.make(size)
        self._action = np.zeros(size, np.int32)
        self._reward = np.zeros(size, np.float32)
        self._discount = np.zeros(size, np.float32)
        self._from = np.zeros(size, np.int32)  # slots of the newest records of both observations
        self._to = np.zeros(size, np.int32)
        self._needs = np.zeros(size, np.int64)  # no later entry needs an older record than this one
        self._mask = np.ones((size, n_actions), np.bool_)
        self._tails = [Tail(discount, n_steps) for _ in range(lanes)]

    @property
    def nbytes(self) -> int:
        """Bytes held, all arrays included."""
        return self._ring.nbytes + self._draw.nbytes + sum(array.nbytes for array in self._columns().values())

    def add(
        self,
        observation: NDArray[Any],
        action: NDArray[Any],
        reward: NDArray[Any],
        terminated: NDArray[Any],
        truncated: NDArray[Any],
        next_observation: NDArray[Any],
        next_mask: NDArray[Any] | None = None,
        valid: NDArray[Any] | None = None,
    ) -> None:
        """Remember one step of every lane.

        Args:
            observation: (L, *shape), before the step.
            action: (L,)
            reward: (L,)
            terminated: (L,)
            truncated: (L,)
            next_observation: (L, *shape), where the step led, before any reset.
            next_mask: (L, A), actions possible there; None: all.
            valid: (L,), false where the lane made no step; None: all did.
        """
        rows = zip(action.tolist(), reward.tolist(), terminated.tolist(), truncated.tolist(), strict=True)
        made = [True] * self.lanes if valid is None else valid.tolist()
        for lane, row in enumerate(rows):
            if made[lane]:
                mask = None if next_mask is None else next_mask[lane]
                self.add_one(observation[lane], *row, next_observation[lane], mask, lane=lane)

    def add_one(
        self,
        observation: Any,
        action: int,
        reward: float,
        terminated: bool,  # noqa: FBT001  # one call per step: positional is faster
        truncated: bool,  # noqa: FBT001  # likewise
        next_observation: Any,
        next_mask: Any = None,
        *,
        lane: int = 0,
    ) -> None:
        """Remember one step of one lane; the arguments are those of :meth:`add` without the first axis."""
        tail, ring = self._tails[lane], self._ring
        before = np.asarray(observation, self._dtype)
        after = np.asarray(next_observation, self._dtype)
        chain = tail.chain
        if chain is None or not ring.holds(chain, before):
            if chain is not None:
                self._break_off(tail)
            chain = ring.begin(before)
        following = ring.move(chain, before, after)
        tail.push(chain, action, reward)
        tail.chain = chain = following
        if len(tail.pending) == tail.n_steps or terminated or truncated:
            whole = terminated or truncated
            self._complete(tail, chain[-1], 0.0 if terminated else 1.0, next_mask, whole=whole)
            if whole:
                tail.chain = None
        tail.mask = next_mask
        self._forget()

    def break_off(self) -> None:
        """Every lane was reset in the middle of its episode; noticed without this too, unless it looks the same."""
        for tail in self._tails:
            self._break_off(tail)

    def sample(
        self, generator: np.random.Generator, shape: tuple[int, ...], *, exponent_of_importance: float = 1.0
    ) -> Sample:
        """Transitions drawn with replacement, copies.

        Args:
            generator: of randomness.
            shape: of the sample (…); its last axis is a batch.
            exponent_of_importance: β; only a prioritised draw has a use for it.

        Raises:
            ValueError: if nothing is stored yet.
        """
        if self.stored == 0:
            raise ValueError("`sample` needs at least one complete transition; add some first.")
        live = Live(self._oldest, self.stored, self.size)
        index, weight = self._draw.draw(generator, shape, live, exponent_of_importance)
        drawn = Transitions(
            self._ring.get(self._from.take(index)),
            self._action.take(index),
            self._reward.take(index),
            self._discount.take(index),
            self._ring.get(self._to.take(index)),
            self._mask.take(index, axis=0),
        )
        return Sample(drawn, index, weight)

    def update_priorities(self, index: NDArray[np.int64], errors: NDArray[Any]) -> None:
        """Learn how wrong the values of a sample were.

        Args:
            index: (…,) of the sample.
            errors: (…,), temporal differences; their sign does not matter.

        Raises:
            ValueError: if an error is not finite.
        """
        self._draw.update(index.reshape(-1), np.asarray(errors).reshape(-1))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Everything, so that :meth:`fill` goes on bit for bit. The large ones are views: save them before adding."""
        cut = self.size if self._oldest else self.stored
        arrays = {f"replay_{name}": array[:cut] for name, array in self._columns().items()}
        arrays["replay_cursor"] = np.array([self.size, self._oldest, self.stored, self._ring.records])
        arrays |= {f"replay_ring_{name}": array for name, array in self._ring.to_arrays().items()}
        arrays |= {f"replay_draw_{name}": array for name, array in self._draw.to_arrays().items()}
        for lane, tail in enumerate(self._tails):
            arrays |= {f"replay_tail{lane}_{name}": array for name, array in tail.to_arrays().items()}
        return arrays

    def fill(self, arrays: Arrays) -> None:
        """Take over what :meth:`to_arrays` of a memory with the same arguments gave.

        Raises:
            ValueError: if it was of another size.
        """
        size, oldest, stored, records = arrays["replay_cursor"].tolist()
        if (size, records) != (self.size, self._ring.records):
            raise ValueError(
                f"`arrays` must be of a replay memory of size {self.size} with {self._ring.records} records, "
                f"got {size} and {records}; make the memory with the same arguments as before."
            )
        self._oldest, self.stored = oldest, stored
        for name, array in self._columns().items():
            saved = arrays[f"replay_{name}"]
            array[: len(saved)] = saved
        self._ring.fill(Within(arrays, "replay_ring_"))
        self._draw.fill(Within(arrays, "replay_draw_"))
        for lane, tail in enumerate(self._tails):
            tail.fill(Within(arrays, f"replay_tail{lane}_"))

    def _columns(self) -> dict[str, NDArray[Any]]:
        return {
            "action": self._action, "reward": self._reward, "discount": self._discount, "from": self._from,
            "to": self._to, "needs": self._needs, "mask": self._mask,
        }  # fmt: skip

    def _break_off(self, tail: Tail) -> None:
        """The episode was left without an end: what is pending bootstraps from where it stood."""
        if tail.chain is not None and tail.pending:
            self._complete(tail, tail.chain[-1], 1.0, tail.mask, whole=True)
        tail.pending.clear()
        tail.chain = None

    def _complete(self, tail: Tail, last: int, going_on: float, mask: Any, *, whole: bool) -> None:
        ring, size = self._ring, self.size
        for chain, action, reward, discount in tail.take(whole=whole):
            if chain[0] < ring.written - ring.records:
                continue  # the lane stood still for so long that its observations have been written over
            if self.stored == size:
                self._drop()
            at = (self._oldest + self.stored) % size
            self._action[at] = action
            self._reward[at] = reward
            self._discount[at] = discount * going_on
            self._from[at] = chain[-1] % ring.records
            self._to[at] = last % ring.records
            self._mask[at] = True if mask is None else mask
            self._needs[at] = chain[0]
            self._draw.new(at)
            self.stored += 1
            self._lower(at, chain[0])

    def _lower(self, at: int, needs: int) -> None:
        # Lanes complete transitions in another order than they began them: those before must not outlive this one.
        for back in range(1, self.stored):
            place = (at - back) % self.size
            if self._needs[place] <= needs:
                return
            self._needs[place] = needs

    def _drop(self) -> None:
        self._draw.gone(self._oldest)
        self._oldest = (self._oldest + 1) % self.size
        self.stored -= 1

    def _forget(self) -> None:
        """Forget the transitions whose observations have been written over."""
        lost = self._ring.written - self._ring.records
        if lost <= 0:
            return
        while self.stored and self._needs[self._oldest] < lost:
            self._drop()
