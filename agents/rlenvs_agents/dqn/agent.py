"""The deep Q-network."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.agent import IntArray
from rlenvs_agents.configs import part_of, to_plain
from rlenvs_agents.dqn.config import DQNConfig
from rlenvs_agents.dqn.replay import ReplayBuffer, Transitions
from rlenvs_agents.exploration import GREEDY
from rlenvs_agents.interaction import InteractingAgent
from rlenvs_agents.networks.dense import Network
from rlenvs_agents.networks.encoding import Encoder
from rlenvs_agents.observations import BoolArray
from rlenvs_agents.saving import Saved
from rlenvs_agents.seeding import Uniforms, generator_state

LEARNER = ("weights", "target", "first", "second", "count")


class DQN(InteractingAgent[DQNConfig]):
    """Q-learning with a network, a replay memory and a target network (Mnih et al., 2015), in TensorFlow.

    It acts through a NumPy forward pass: TensorFlow is imported when learning begins; a loaded agent that only plays
    never imports it. Action masks (``info["action_mask"]``) are respected in behaviour, in the target and in the
    greedy choice.
    """

    algorithm = "dqn"
    config_class = DQNConfig

    def __init__(self, env: Any, config: DQNConfig | None = None, *, seed: int | None = None) -> None:
        super().__init__(env, config, seed=seed)
        settings = self.config
        self._encode = Encoder(env.observation_space)
        self.network = Network((self._encode.width, *settings.hidden, self.n_actions), settings.head)
        self._weights = self.network.initial(self.streams.generator("network"))
        self._layers = self.network.layers(self._weights)
        self._replay = ReplayBuffer(settings.buffer_size, self.reader.shape, self.reader.dtype, self.n_actions)
        self._sampling = self.streams.generator("replay")
        self._chance = Uniforms(self.streams.generator("exploration"))
        self._exploration: Any = settings.exploration
        self._rate: Any = settings.learning_rate
        self._learner: Any = None  # a LearnerState, once learning has begun
        self._update: Any = None
        self._restored: dict[str, NDArray[Any]] | None = None
        self._observation: Any = None
        self._mask: NDArray[np.bool_] | None = None
        self._latest: Any = None  # what came of the last updates
        self._all = tuple(range(self.n_actions))

    @property
    def metrics(self) -> dict[str, float]:
        """Loss and mean action value of the last updates."""
        if self._latest is None:
            return {}
        return {"train/loss": self._latest.loss, "train/mean_q": self._latest.value}

    def q_values(self, observations: Any) -> NDArray[np.float32]:
        """Action values (n, A) of a batch of observations."""
        return self._values(self.reader.batch(observations)[0])

    def _values(self, observations: NDArray[Any]) -> NDArray[np.float32]:
        values: NDArray[np.float32] = self.network.values(self._layers, self._encode(observations))
        return values

    def _fix(self, total: int) -> None:
        self._exploration = self._exploration.fixed(total)
        self._rate = self._rate.fixed(total)

    def _prepare(self) -> None:
        from rlenvs_agents.dqn.learner import UpdateRule, compiled, initial_state, state_of

        if self._update is not None:
            return
        settings = self.config
        if self._restored is None:
            self._learner = initial_state(self._weights)
        else:
            self._learner = state_of(self._restored)
        self._update = compiled(
            UpdateRule(self.network, settings.bootstrap, settings.loss, settings.target, settings.max_gradient_norm)
        )

    def _begin(self, observation: Any, info: dict[str, Any]) -> None:
        self._observation, self._mask = observation, _mask_of(info)

    def _act(self) -> int:
        possible = self._all if self._mask is None else np.flatnonzero(self._mask).tolist()
        u = self._chance()
        if self.num_timesteps < self.config.learning_starts:
            return int(possible[int(u * len(possible))])
        action: int = self._exploration.explore(self.num_timesteps, possible, u)
        if action != GREEDY:
            return action
        batch = np.asarray(self._observation, dtype=self.reader.dtype)[None]
        return int(self._best(batch, None if self._mask is None else self._mask[None])[0])

    def _observe(
        self,
        action: int,
        reward: Any,
        observation: Any,
        info: dict[str, Any],
        terminated: bool,  # noqa: FBT001  # one call per step: positional is faster
    ) -> None:
        mask = _mask_of(info)
        discount = 0.0 if terminated else self.config.discount
        self._replay.add(self._observation, action, float(reward), discount, (observation, mask))
        self._observation, self._mask = observation, mask
        settings = self.config
        if self.num_timesteps > settings.learning_starts and self.num_timesteps % settings.train_every_steps == 0:
            self._train()

    def _train(self) -> None:
        """As many updates as the config says, in one compiled call."""
        settings = self.config
        shape = (settings.updates_per_train, settings.batch_size)
        batch = self._batch(self._replay.sample(self._sampling, shape), shape)
        self._latest = self._update(self._learner, batch, self._rate.at(self.num_timesteps))
        self._learner = self._latest.state
        self._weights = self._learner.parts["weights"]
        self._layers = self.network.layers(self._weights)

    def _batch(self, sample: Transitions, shape: tuple[int, int]) -> Any:
        from rlenvs_agents.dqn.learner import Batch

        flat = (shape[0] * shape[1], *self.reader.shape)
        wide = (*shape, self._encode.width)
        return Batch(
            self._encode(sample.observation.reshape(flat)).reshape(wide),
            sample.action,
            sample.reward,
            sample.discount,
            self._encode(sample.next_observation.reshape(flat)).reshape(wide),
            sample.next_mask,
            np.ones(shape, np.float32),
        )

    def _best(self, observations: NDArray[Any], masks: BoolArray | None) -> IntArray:
        values = self._values(observations)
        return np.asarray((values if masks is None else np.where(masks, values, -np.inf)).argmax(axis=1))

    def _sampled(self, observations: NDArray[Any], masks: BoolArray | None) -> IntArray:
        actions = self._best(observations, masks)
        for lane in range(len(actions)):
            possible = self._all if masks is None else np.flatnonzero(masks[lane]).tolist()
            action = self._exploration.explore(self.num_timesteps, possible, self._acting())
            actions[lane] = actions[lane] if action == GREEDY else action
        return actions

    def _saved(self) -> Saved:
        saved = super()._saved()
        saved.progress["exploration"] = self._chance.get_state()
        saved.progress["sampling"] = generator_state(self._sampling)
        saved.progress["schedules"] = {
            "exploration": to_plain(self._exploration),
            "learning_rate": to_plain(self._rate),
        }
        state = self._restored or {"weights": self._weights}
        if self._learner is not None:
            state = self._learner.parts
        saved.arrays = dict(state)
        saved.memory = self._replay.to_arrays()
        return saved

    def _restore(self, saved: Saved) -> None:
        super()._restore(saved)
        self._chance.set_state(saved.progress["exploration"])
        self._sampling.bit_generator.state = saved.progress["sampling"]
        self._exploration = part_of(saved.progress["schedules"]["exploration"])
        self._rate = part_of(saved.progress["schedules"]["learning_rate"])
        self._weights = saved.arrays["weights"]
        self._layers = self.network.layers(self._weights)
        if "count" in saved.arrays:
            self._restored = {name: saved.arrays[name] for name in LEARNER}
        if saved.memory is not None:
            self._replay.fill(saved.memory)


def _mask_of(info: dict[str, Any]) -> NDArray[np.bool_] | None:
    mask = info.get("action_mask")
    return None if mask is None else np.asarray(mask).astype(np.bool_)
