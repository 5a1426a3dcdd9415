"""ShapeReward: hints for the learner that leave the best policies as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import gymnasium as gym

from rlenvs.wrappers.potentials import as_plain_data, checked_value, resolve_potential
from rlenvs.wrappers.reward_change import RewardChange

if TYPE_CHECKING:
    from rlenvs.wrappers.shaping_proof import ShapingReport

ObsT = TypeVar("ObsT")
ActT = TypeVar("ActT")


class ShapeReward(RewardChange[ObsT, ActT]):
    """Adds ``discount * potential(next) - potential(present)`` to each reward (Ng et al., 1999, theorem 1).

    The potential of a terminated episode is 0; that of a truncated one is kept, because the episode would have gone
    on. Then every optimal policy at this discount stays optimal and no other becomes so, in any environment; in a
    finite one :meth:`verify` proves it. The discounted return of an episode that terminates is the raw one minus the
    potential of its first state. The raw reward is in ``info["raw_reward"]``. Spaces stay as they are. No vector
    version exists.

    Args:
        env: the environment to wrap.
        potential: values by state: an array of the shape of a Discrete or MultiDiscrete observation space, or over the
            states of an environment with a finite model whatever it shows; or ``"module:function"``, a function of the
            observation; or a ready one: ``"goal_distance"`` (minus the steps to the goal, finite environments),
            ``"food_distance"`` (minus the way to the food, Snake).
        discount: the learner's discount, in [0, 1]. With another one the guarantee does not hold.
        scale: a factor for the potential.

    Raises:
        TypeError: if the potential is of no accepted kind.
        ValueError: if an argument is out of range or does not fit the environment; from ``reset`` and ``step``, if the
            potential gives no finite number.

    Example:
        >>> import gymnasium as gym
        >>> env = ShapeReward(gym.make("FrozenLake-v1", is_slippery=False), "goal_distance", 0.9)
        >>> _ = env.reset(seed=0)
        >>> observation, reward, terminated, truncated, info = env.step(2)
        >>> round(reward, 6), info["raw_reward"]
        (1.5, 0.0)

    Change logs:
     * v0.1.0 - added
    """

    policy_preserving: ClassVar[bool] = True

    def __init__(self, env: gym.Env[ObsT, ActT], potential: Any, discount: float, *, scale: float = 1.0) -> None:
        if not 0 <= discount <= 1:
            raise ValueError(f"`discount` must be in [0, 1], got {discount!r}.")
        checked_value(scale)
        potential, discount, scale = as_plain_data(potential), float(discount), float(scale)
        gym.utils.RecordConstructorArgs.__init__(self, potential=potential, discount=discount, scale=scale)
        super().__init__(env)
        self._function = resolve_potential(env, potential)
        self._discount = discount
        self._scale = scale
        self._present = 0.0

    def potential(self, observation: ObsT) -> float:
        """The potential of the state that the environment is in and shows as ``observation``."""
        return self._scale * checked_value(self._function(observation))

    def begin(self, observation: ObsT) -> None:
        """Remember the potential of the first state."""
        self._present = self.potential(observation)

    def changed(self, reward: float, observation: ObsT, *, terminated: bool, truncated: bool) -> float:
        """The reward and the change of the potential."""
        del truncated
        reached = 0.0 if terminated else self.potential(observation)
        given = reward + self._discount * reached - self._present
        self._present = reached
        return given

    def verify(self, discount: float | None = None) -> ShapingReport:
        """Prove with the planner that the best policies of a finite environment are unchanged.

        Args:
            discount: the learner's; None: the one that the shaping was made for. With another one the report can hold
                a counter-example.

        Returns:
            A record with ``preserved``, and a counter-example where it is False.

        Raises:
            TypeError: if the environment has no finite model.
            ValueError: if the potential of a state cannot be computed from its observation.
        """
        from rlenvs.wrappers.shaping_proof import finite_model, potential_of_states, verify_shaping

        mdp = finite_model(self.env)
        potential = self._scale * potential_of_states(self.env, self._function, mdp)

        def bonus(state: Any, action: Any, successor: Any) -> Any:
            del action
            # Potentials of terminal states are 0 in this array already.
            return self._discount * potential[successor] - potential[state]

        return verify_shaping(mdp, bonus, self._discount if discount is None else discount)
