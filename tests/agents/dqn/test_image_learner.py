"""Updates in place are the updates of the pure functions."""

import numpy as np
import pytest

from rlenvs_agents.dqn import Adam, HardTarget, RMSProp, SoftTarget
from rlenvs_agents.networks import ConvolutionalNetwork

tf = pytest.importorskip("tensorflow")

from rlenvs_agents.dqn import learner  # noqa: E402  # imports TensorFlow
from rlenvs_agents.dqn.image_learner import ImageLearner  # noqa: E402  # likewise

NETWORK = ConvolutionalNetwork((12, 10, 2), ((4, 4, 2), (3, 2, 1)), (6,), 3, "dueling")
K, B = 3, 5


def batch():
    generator = np.random.default_rng(1)
    pictures = generator.integers(0, 256, (2, K, B, 12, 10, 2)).astype(np.uint8)
    mask = generator.random((K, B, 3)) < 0.7
    mask[..., 0] = True
    return learner.Batch(
        pictures[0],
        generator.integers(0, 3, (K, B)).astype(np.int32),
        generator.normal(size=(K, B)).astype(np.float32) * 3,
        np.full((K, B), 0.9, np.float32),
        pictures[1],
        mask,
        generator.random((K, B)).astype(np.float32),
    )


@pytest.mark.parametrize("optimiser", [Adam(epsilon=1e-3), RMSProp(momentum=0.3), RMSProp(centred=False)])
@pytest.mark.parametrize("target", [HardTarget(2), SoftTarget(0.1)])
@pytest.mark.parametrize("longest", [None, 0.05])
def test_updates_are_those_of_the_pure_functions(optimiser, target, longest) -> None:
    rule = learner.UpdateRule(NETWORK, "double", "huber", target, longest, optimiser)
    parts = learner.initial_parts(NETWORK.initial(np.random.default_rng(0)), optimiser.n_moments)
    image, data = ImageLearner(rule, parts), batch()
    told = image.update(data, 0.01)
    moments = tuple(tf.constant(parts[name]) for name in learner.MOMENTS[: optimiser.n_moments])
    state = learner.Weights(tf.constant(parts["weights"]), tf.constant(parts["weights"]), moments, tf.constant(0.0))
    losses = []
    for k in range(K):
        row = learner.Batch(*(tf.constant(entry[k]) for entry in data))
        state, errors, loss, _ = learner._one_update(rule, state, row, 0.01)
        losses.append(float(loss))
        assert told.errors[k] == pytest.approx(errors.numpy(), abs=1e-4)
    assert told.loss == pytest.approx(np.mean(losses), abs=1e-5)
    found = image.parts
    assert found["count"].tolist() == [K]
    assert found["weights"] == pytest.approx(state.weights.numpy(), abs=1e-4)
    assert found["target"] == pytest.approx(state.target.numpy(), abs=1e-4)
    kept = [
        name
        for name in learner.MOMENTS[: optimiser.n_moments]
        if optimiser != RMSProp(centred=False) or name != "first"
    ]
    for name, moment in zip(learner.MOMENTS, state.moments, strict=False):
        if name in kept:
            assert found[name] == pytest.approx(moment.numpy(), abs=1e-4)


def test_weights_that_were_read_stay_what_they_were_and_all_can_be_taken_up_again() -> None:
    rule = learner.UpdateRule(NETWORK, "max", "squared", HardTarget(2), 10.0)
    image = ImageLearner(rule, learner.initial_parts(NETWORK.initial(np.random.default_rng(0))))
    data = batch()
    image.update(data, 0.01)
    read = image.layers(NETWORK)
    before = [array.copy() for pair in read for array in pair]
    twin = ImageLearner(rule, image.parts)
    image.update(data, 0.01)
    twin.update(data, 0.01)
    assert all(np.array_equal(old, new) for old, new in zip(before, [a for pair in read for a in pair], strict=True))
    assert not np.array_equal(before[0], image.layers(NETWORK)[0][0])
    for name, part in image.parts.items():
        assert np.array_equal(part, twin.parts[name])
