"""What a replay memory should hold, the slow way: whole episodes in lists."""

import numpy as np


def transitions_of(episode, discount, n):
    """The n-step transitions of an episode: a list of steps (o, a, r, terminated, o', mask'), in order."""
    found = []
    for t in range(len(episode)):
        steps = episode[t : t + n]
        reward = sum(discount**k * step[2] for k, step in enumerate(steps))
        bootstrap = 0.0 if steps[-1][3] else discount ** len(steps)
        found.append((episode[t][0], episode[t][1], reward, bootstrap, steps[-1][4], steps[-1][5]))
    return found


class Naive:
    """Per lane the episode that goes on; transitions in the order in which they are complete."""

    def __init__(self, size, discount, n, lanes):
        self.size, self.discount, self.n = size, discount, n
        self.open = [[] for _ in range(lanes)]
        self.done = []

    def add(self, lane, step, over):
        episode = self.open[lane]
        episode.append(step)
        all_of_them = transitions_of(episode, self.discount, self.n)
        first = max(len(episode) - self.n, 0)
        if over:
            self.done += all_of_them[first:]
            self.open[lane] = []
        elif len(episode) >= self.n:
            self.done.append(all_of_them[first])

    @property
    def held(self):
        return self.done[-self.size :]


def held_by(memory):
    """All that a memory can draw, oldest first."""
    places = (memory._oldest + np.arange(memory.stored)) % memory.size
    ring = memory._ring
    columns = (
        ring.get(memory._from[places]), memory._action[places], memory._reward[places], memory._discount[places],
        ring.get(memory._to[places]), memory._mask[places],
    )  # fmt: skip
    return list(zip(*columns, strict=True))


def agree(found, wanted):
    """Assert that both lists of transitions are the same."""
    assert len(found) == len(wanted)
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        assert ours[1] == theirs[1]
        np.testing.assert_allclose(ours[2:4], theirs[2:4], rtol=1e-6, atol=1e-7)
        np.testing.assert_array_equal(ours[4], theirs[4])
        np.testing.assert_array_equal(ours[5], True if theirs[5] is None else theirs[5])
