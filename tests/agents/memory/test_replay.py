"""The replay memory against whole episodes in lists."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlenvs_agents.memory import Frames, Prioritised, ReplayMemory, Uniform, Whole, limits
from tests.agents.memory.naive import Naive, agree, held_by


class Scripted:
    """Lanes that play random episodes of stacked frames or of numbers; some stand still now and then."""

    def __init__(self, rng, lanes, frames, ends=0.2):
        self.rng, self.lanes, self.frames, self.ends = rng, lanes, frames, ends
        self.now = [self.first() for _ in range(lanes)]

    def frame(self):
        return self.rng.integers(0, 256, (2, 3), np.uint8)

    def first(self):
        padding = self.frame() if self.rng.random() < 0.3 else None
        newest = self.frame()
        return np.stack([newest if padding is None else padding] * (self.frames - 1) + [newest])

    def step(self):
        """Arguments of `add`; lanes that ended begin anew."""
        rng, count = self.rng, self.lanes
        before = np.stack(self.now)
        after = np.stack([np.stack([*stack[1:], self.frame()]) for stack in self.now])
        terminated, truncated = rng.random(count) < self.ends, rng.random(count) < self.ends / 2
        valid = rng.random(count) < 0.9
        masks = rng.random((count, 3)) < 0.5
        for lane in np.flatnonzero(valid):
            self.now[lane] = self.first() if terminated[lane] or truncated[lane] else after[lane]
        return before, rng.integers(0, 3, count), rng.normal(size=count), terminated, truncated, after, masks, valid


def tell(model, arguments):
    before, action, reward, terminated, truncated, after, masks, valid = arguments
    for lane in np.flatnonzero(valid):
        mask = None if masks is None else masks[lane]
        step = (before[lane], action[lane], reward[lane], terminated[lane], after[lane], mask)
        model.add(lane, step, terminated[lane] or truncated[lane])


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1), size=st.integers(1, 40), lanes=st.integers(1, 4), n=st.integers(1, 5),
    discount=st.sampled_from([0.0, 0.5, 0.99, 1.0]), ends=st.sampled_from([0.0, 0.2, 0.9]),
    store=st.sampled_from([Whole(), Frames(records_per_transition=2)]),
    sampler=st.sampled_from([Uniform(), Prioritised()]), masked=st.booleans(),
)  # fmt: skip
def test_holds_what_the_episodes_say(seed, size, lanes, n, discount, ends, store, sampler, masked):
    lane = Scripted(np.random.default_rng(seed), lanes, 3, ends)
    memory = ReplayMemory(
        size, (3, 2, 3), np.uint8, 3, lanes=lanes, discount=discount, n_steps=n, store=store, sampler=sampler
    )
    model = Naive(size, discount, n, lanes)
    for _ in range(60):
        arguments = lane.step()
        arguments = arguments if masked else (*arguments[:6], None, arguments[7])
        memory.add(*arguments)
        tell(model, arguments)
        wanted, found = model.held, held_by(memory)
        if isinstance(store, Frames):  # padding costs frames, so that fewer may be left: the newest of them
            assert len(found) >= min(len(wanted), size // 3)
            wanted = wanted[len(wanted) - len(found) :]
        agree(found[:1] + found[-3:], wanted[:1] + wanted[-3:])
        assert len(found) == len(wanted)
    agree(held_by(memory), wanted)
    if memory.stored:
        drawn = memory.sample(np.random.default_rng(0), (2, 5))
        offset = (drawn.index.reshape(-1) - memory._oldest) % size
        assert (offset < memory.stored).all()
        rows = [array.reshape(10, *array.shape[2:]) for array in drawn.transitions]
        agree(list(zip(*rows, strict=True)), [wanted[i] for i in offset])
        assert drawn.weight.shape == drawn.index.shape == (2, 5)


def test_n_step_returns_by_hand():
    memory = ReplayMemory(10, (1,), np.float32, 2, discount=0.5, n_steps=3)
    spots = [np.full(1, i, np.float32) for i in range(5)]
    for i in range(4):
        memory.add_one(spots[i], i % 2, 2.0**i, i == 3, False, spots[i + 1], np.array([True, i < 3]))
    # 1 + 2/2 + 4/4; 2 + 4/2 + 8/4; 4 + 8/2; 8
    assert memory._reward[:4].tolist() == [3, 6, 8, 8]
    assert memory._discount[:4].tolist() == [0.125, 0, 0, 0]
    assert [int(row[4][0]) for row in held_by(memory)] == [3, 4, 4, 4]
    assert memory._mask[:4].tolist() == [[True, True], [True, False], [True, False], [True, False]]


def test_a_truncated_tail_bootstraps_from_the_last_observation():
    memory = ReplayMemory(10, (1,), np.float32, 2, discount=0.5, n_steps=3)
    spots = [np.full(1, i, np.float32) for i in range(5)]
    for i in range(4):
        memory.add_one(spots[i], 0, 1.0, False, i == 3, spots[i + 1])
    memory.add_one(spots[0], 0, 100.0, False, False, spots[1])  # of the next episode: not mixed in
    assert memory._reward[:4].tolist() == [1.75, 1.75, 1.5, 1]
    assert memory._discount[:4].tolist() == [0.125, 0.125, 0.25, 0.5]
    assert [int(row[4][0]) for row in held_by(memory)] == [3, 4, 4, 4]


def test_an_episode_that_is_broken_off_counts_as_truncated():
    memory = ReplayMemory(10, (1,), np.float32, 2, discount=0.5, n_steps=3)
    spots = [np.full(1, i, np.float32) for i in range(9)]
    memory.add_one(spots[0], 0, 1.0, False, False, spots[1])
    memory.add_one(spots[1], 0, 1.0, False, False, spots[2])
    memory.add_one(spots[7], 1, 5.0, True, False, spots[8])  # somebody has reset the environment
    assert [int(row[0][0]) for row in held_by(memory)] == [0, 1, 7]
    assert [int(row[4][0]) for row in held_by(memory)] == [2, 2, 8]
    assert memory._discount[:3].tolist() == [0.25, 0.5, 0]


def test_a_reset_to_where_the_lane_stood_has_to_be_told():
    memory = ReplayMemory(10, (1,), np.float32, 2, discount=0.5, n_steps=3)
    spots = [np.full(1, i, np.float32) for i in range(3)]
    memory.add_one(spots[0], 0, 1.0, False, False, spots[1])
    memory.break_off()
    memory.break_off()  # nothing is left to break off
    memory.add_one(spots[1], 1, 5.0, True, False, spots[2])
    assert [int(row[4][0]) for row in held_by(memory)] == [1, 2]
    assert memory._reward[:2].tolist() == [1, 5]
    assert memory._discount[:2].tolist() == [0.5, 0]


@pytest.mark.parametrize("store", [Whole(), Whole(1.0), Frames(), Frames(2.0)])
@pytest.mark.parametrize("sampler", [Uniform(), Prioritised()])
@pytest.mark.parametrize("cut", [3, 47, 120])
def test_goes_on_bit_for_bit(store, sampler, cut):
    def make():
        settings = {"lanes": 2, "n_steps": 3, "store": store, "sampler": sampler}
        return ReplayMemory(50, (3, 2, 3), np.uint8, 3, **settings)

    lanes, memory, rng = Scripted(np.random.default_rng(1), 2, 3), make(), np.random.default_rng(2)
    for i in range(cut):
        memory.add(*lanes.step())
        if i % 5 == 4 and memory.stored:
            memory.update_priorities(memory.sample(rng, (4,)).index, rng.normal(size=4))
    other = make()
    other.fill({name: array.copy() for name, array in memory.to_arrays().items()})
    for i in range(100):
        arguments = lanes.step()
        for each in (memory, other):
            each.add(*arguments)
        if memory.stored and i % 5 == 4:
            draws = [each.sample(np.random.default_rng(i), (2, 4)) for each in (memory, other)]
            for ours, theirs in zip(*[(*d.transitions, d.index, d.weight) for d in draws], strict=True):
                assert ours.tobytes() == theirs.tobytes()
            errors = rng.normal(size=(2, 4))
            for each in (memory, other):
                each.update_priorities(draws[0].index, errors)
    for name, array in memory.to_arrays().items():
        np.testing.assert_array_equal(other.to_arrays()[name], array, err_msg=name)


def test_short_episodes_shorten_a_lean_memory_and_break_nothing():
    """With room for hardly more records than transitions, the newest are held, as many as fit."""
    lanes, memory = (
        Scripted(np.random.default_rng(0), 1, 3, ends=0.6),
        ReplayMemory(30, (3, 2, 3), np.uint8, 3, store=Whole(1.0)),
    )
    model = Naive(30, 0.99, 1, 1)
    for _ in range(300):
        arguments = lanes.step()
        memory.add(*arguments)
        tell(model, arguments)
        agree(held_by(memory), model.held[len(model.held) - memory.stored :])
    assert 10 < memory.stored < 30


@pytest.mark.parametrize("rest", [3, 8, 14, 40])
def test_a_lane_that_stood_still_for_long(rest):
    """Its transitions are complete long after they were begun; true or forgotten, and no others suffer."""
    memory = ReplayMemory(20, (1,), np.float32, 2, lanes=2, n_steps=3, store=Whole(1.0))
    clock = iter(range(1, 1000))

    def steps(lane, count, over):
        spot = float(lane * 1000 + next(clock))
        for i in range(count):
            after = spot + 1 / 64
            end = over and i == count - 1
            memory.add_one(np.full(1, spot, np.float32), 0, spot, end, False, np.full(1, after, np.float32), lane=lane)
            spot = after
        return spot

    def true():
        for row in held_by(memory):
            reward, steps_made = float(row[2]), round((float(row[4][0]) - float(row[0][0])) * 64)
            spots = [float(row[0][0]) + k / 64 for k in range(steps_made)]
            assert reward == pytest.approx(sum(0.99**k * spot for k, spot in enumerate(spots)), rel=1e-5)

    spot = steps(0, 2, over=False)
    for _ in range(rest):
        steps(1, 1, over=True)
    memory.add_one(np.full(1, spot, np.float32), 0, spot, True, False, np.full(1, spot + 1 / 64, np.float32), lane=0)
    assert memory.stored >= min(rest, 10)
    for _ in range(60):
        true()
        steps(1, 1, over=True)
        assert memory.stored > 0


def test_does_not_keep_the_callers_arrays():
    memory = ReplayMemory(4, (2,), np.float32, 2)
    before, after = np.zeros(2, np.float32), np.ones(2, np.float32)
    memory.add_one(before, 0, 0.0, True, False, after)
    before[:], after[:] = 7, 8
    drawn = memory.sample(np.random.default_rng(0), (1,)).transitions
    assert drawn.observation.tolist() == [[0, 0]]
    assert drawn.next_observation.tolist() == [[1, 1]]
    drawn.observation[:] = 9
    assert memory.sample(np.random.default_rng(0), (1,)).transitions.observation.tolist() == [[0, 0]]


def test_uniform_draws_are_uniform():
    """Chi-squared with 9 degrees of freedom: above 39 once in 90 000 seeds; the seed is fixed."""
    memory = ReplayMemory(10, (1,), np.float32, 2)
    for i in range(37):
        memory.add_one(np.full(1, i, np.float32), 0, float(i), False, False, np.full(1, i + 1, np.float32))
    rewards = memory.sample(np.random.default_rng(0), (10_000,)).transitions.reward
    values, counts = np.unique(rewards, return_counts=True)
    assert values.tolist() == list(range(27, 37))
    assert ((counts - 1000) ** 2 / 1000).sum() < 39


@pytest.mark.parametrize(
    ("change", "name"),
    [({"size": 0}, "size"), ({"lanes": 0}, "lanes"), ({"n_steps": 0}, "n_steps"), ({"discount": 1.5}, "discount")],
)
def test_refuses_what_makes_no_sense(change, name):
    settings = {"size": 5, "lanes": 1, "n_steps": 1, "discount": 0.9} | change
    with pytest.raises(ValueError, match=f"`{name}`"):
        ReplayMemory(settings.pop("size"), (1,), np.float32, 2, **settings)


def test_refuses_before_allocating_what_does_not_fit(monkeypatch):
    with pytest.raises(ValueError, match=r"`size` 10000000000000 .* GiB free; use a smaller one"):
        ReplayMemory(10**13, (84, 84), np.uint8, 2)
    there = ReplayMemory(1000, (4,), np.float32, 2).nbytes
    monkeypatch.setattr(limits, "available", lambda: there)
    ReplayMemory(1000, (4,), np.float32, 2)  # just fits: the estimate is exact
    monkeypatch.setattr(limits, "available", lambda: there - 1)
    with pytest.raises(ValueError, match="use a smaller one"):
        ReplayMemory(1000, (4,), np.float32, 2)


def test_drawing_from_nothing_and_filling_from_another_size_are_explained():
    memory = ReplayMemory(5, (1,), np.float32, 2)
    with pytest.raises(ValueError, match="add some first"):
        memory.sample(np.random.default_rng(0), (1,))
    with pytest.raises(ValueError, match="got 6"):
        memory.fill(ReplayMemory(6, (1,), np.float32, 2).to_arrays())
