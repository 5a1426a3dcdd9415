"""What the survey saw in observations, rewards and flags."""

from collections.abc import Iterator

from rlenvs.conformance.catalogue import Problem, conformance_check
from rlenvs.conformance.subject import Subject


@conformance_check(
    "observation-in-space",
    purpose="Every observation of whole episodes, the last one included, lies in the observation space.",
    harm="Scaling by the bounds goes wrong, embeddings are read out of range, NaN spreads through the network.",
    remedy="Widen the space to what can happen, or clip the observation before it is returned.",
)
def observation_in_space(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("observation-in-space")


@conformance_check(
    "observation-type",
    purpose="Every observation has exactly the type, dtype, shape and keys of the observation space.",
    harm="Buffers cast it silently or refuse it; vector environments cut it to the space's dtype.",
    remedy="Build it with the space's dtype and shape, such as `np.array(..., dtype=self.observation_space.dtype)`.",
)
def observation_type(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("observation-type")


@conformance_check(
    "observation-finite",
    purpose="Observations hold no infinite number.",
    severity="advice",
    harm="One infinite input makes the whole network NaN.",
    remedy="Clip it, or say 'nothing there' by a number of the usual size.",
)
def observation_finite(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("observation-finite")


@conformance_check(
    "reward-number",
    purpose="The reward is a number: no array, bool or None.",
    harm="Arrays change the shape of returns by broadcasting; None fails far from its cause.",
    remedy="Return `float(reward)`.",
)
def reward_number(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("reward-number")


@conformance_check(
    "reward-finite",
    purpose="The reward is finite in every step of whole episodes.",
    harm="One NaN or infinite reward makes every weight NaN, many steps after its cause.",
    remedy="Find the division or logarithm behind it and bound its argument.",
)
def reward_finite(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("reward-finite")


@conformance_check(
    "reward-plain",
    purpose="The reward is a plain Python number.",
    severity="advice",
    harm="Stable-Baselines3's checker refuses it, and sums of float32 rewards lose digits.",
    remedy="Return `float(reward)`.",
)
def reward_plain(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("reward-plain")


@conformance_check(
    "flags-plain-bool",
    purpose="`terminated` and `truncated` are plain bools.",
    harm="`flag is False` is wrong for NumPy bools, and both Gymnasium's and SB3's checkers refuse them.",
    remedy="Return `bool(terminated), bool(truncated)`.",
)
def flags_plain_bool(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("flags-plain-bool")
