"""REINFORCE beside the textbook's loop, which records a gradient for every step, in the same run."""

import time

import gymnasium as gym
import numpy as np
import pytest

from rlenvs_agents import Reinforce, ReinforceConfig
from rlenvs_agents.policy_gradients.returns import normalised_returns

pytestmark = pytest.mark.benchmark

GOAL = 100  # times as many steps per second
ROUNDS = 3
TEXTBOOK_EPISODES = 10
OUR_UPDATES = 30
STEPS = 200


class Textbook:
    """One network call, one tape and one gradient per step; then one update from the gradients, weighted by returns."""

    def __init__(self) -> None:
        import keras

        keras.utils.set_random_seed(0)
        self.model = keras.Sequential(
            [keras.layers.Input((4,)), keras.layers.Dense(5, "relu"), keras.layers.Dense(1, "sigmoid")]
        )
        self.optimiser = keras.optimizers.Nadam(0.01)
        self.env = gym.make("CartPole-v1", max_episode_steps=STEPS)
        self.env.reset(seed=0)

    def step(self, observation):
        import tensorflow as tf

        with tf.GradientTape() as tape:
            left = self.model(observation[np.newaxis])
            action = tf.random.uniform([1, 1]) > left
            target = tf.constant([[1.0]]) - tf.cast(action, tf.float32)
            loss = -tf.reduce_mean(target * tf.math.log(left) + (1 - target) * tf.math.log(1 - left))
        gradient = tape.gradient(loss, self.model.trainable_variables)
        return gradient, self.env.step(int(action.numpy().item()))

    def iteration(self) -> int:
        import tensorflow as tf

        rewards, gradients = [], []
        for _ in range(TEXTBOOK_EPISODES):
            observation, _ = self.env.reset()
            rewards.append([])
            over = False
            while not over:
                gradient, (observation, reward, terminated, truncated, _) = self.step(observation)
                gradients.append(gradient)
                rewards[-1].append(reward)
                over = terminated or truncated
        weights = np.concatenate(normalised_returns(rewards, 0.95))
        means = [
            tf.reduce_mean([float(w) * entry[place] for w, entry in zip(weights, gradients, strict=True)], axis=0)
            for place in range(len(self.model.trainable_variables))
        ]
        self.optimiser.apply_gradients(zip(means, self.model.trainable_variables, strict=True))
        return len(gradients)


def test_a_hundred_times_the_textbook(record_property):
    pytest.importorskip("tensorflow")
    textbook = Textbook()
    env = gym.make("CartPole-v1", max_episode_steps=STEPS)
    agent = Reinforce(env, ReinforceConfig(discount=0.95), seed=0)
    textbook.iteration()
    agent.learn_updates(OUR_UPDATES)  # compiles
    ratios, ours, theirs = [], [], []
    for _ in range(ROUNDS):
        since = time.perf_counter()
        theirs.append(textbook.iteration() / (time.perf_counter() - since))
        since, before = time.perf_counter(), agent.num_timesteps
        agent.learn_updates(OUR_UPDATES)
        ours.append((agent.num_timesteps - before) / (time.perf_counter() - since))
        ratios.append(ours[-1] / theirs[-1])
    for name, values in (("ours", ours), ("textbook", theirs), ("ratio", ratios)):
        record_property(name, float(np.median(values)))
    assert np.median(ratios) >= GOAL, (ratios, ours, theirs)
