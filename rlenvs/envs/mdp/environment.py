"""A finite Markov decision process to play."""

from __future__ import annotations

from typing import Any

from rlenvs.core import FiniteEnv, FiniteMDP, FiniteRules, IndexObservation, digit_keys
from rlenvs.core.actions import InvalidActionError, checked_action
from rlenvs.envs.mdp import model
from rlenvs.envs.mdp.picture import picture
from rlenvs.envs.overlay import read_overlay

INVALID_ACTION = ("stay", "error")


class MDP(FiniteEnv[int]):
    """A finite Markov decision process: by default the three-state toy of the textbooks, or any other.

    ## Description
    Three states and three actions. In state 0 the first action pays +10 and usually stays there. State 1 is a fire:
    walking through it costs 50, and behind it, in state 2, +40 waits. Whether the fire is worth it depends on the
    discount: at 0.90 the best policy is (0, 0, 1), it keeps out; at 0.95 it is (0, 2, 1), it goes through.

    Transition probabilities to states 0, 1, 2 (a dash: not possible):

    | state | action 0   | action 1   | action 2   |
    |-------|------------|------------|------------|
    | 0     | .7 .3 0    | 1 0 0      | .8 .2 0    |
    | 1     | 0 1 0      | –          | 0 0 1      |
    | 2     | –          | .8 .1 .1   | –          |

    ## Action Space
    `Discrete(3)`: actions 0, 1, 2 (`Discrete(A)` for A actions).

    ## Observation Space
    `Discrete(3)`: the state, a plain int (`Discrete(S)` for S states).

    ## Starting State
    State 0 (or drawn from `start`).

    ## Rewards
    +10 from state 0 to state 0 by action 0; −50 from state 1 to state 2 by action 2; +40 from state 2 to state 0 by
    action 1; otherwise 0.

    ## Episode End
    1. Termination: on entering a state of `terminal`; the toy has none.
    2. Truncation: after 100 steps, by the registered time limit.

    ## Information
    `action_mask`: int8 array (A,), 1 where the action is possible in the present state, from `reset` and `step`; absent
    if every action is possible everywhere. In terminal states it is all ones. `env.unwrapped.action_masks()` gives the
    same as booleans. `env.unwrapped.model` is the model, `env.unwrapped.P` the same in toy-text form.

    ## Arguments
    | argument           | default     | meaning                                                                    |
    |--------------------|-------------|----------------------------------------------------------------------------|
    | `transition`       | the toy     | probabilities, (S, A, S) lists or array, or sparse (see `FiniteMDP`)       |
    | `reward`           | the toy     | (S, A, S) or (S, A), given together with `transition`                      |
    | `start`            | `0`         | start state, or a distribution over the states                             |
    | `terminal`         | `()`        | indices of the terminal states                                             |
    | `action_mask`      | `None`      | (S, A), 0 where an action is not possible                                  |
    | `invalid_action`   | `"stay"`    | an impossible action stays with reward 0, or raises ValueError (`"error"`) |
    | `render_mode`      | `None`      | `"human"`, `"rgb_array"` or `"ansi"`                                       |
    | `overlay`          | `None`      | draw `"values"`, `"policy"` or `"both"` over the picture                   |
    | `overlay_discount` | `0.95`      | the discount at which they are computed                                    |

    ## Version History
    - v0: first version.

    ## References
    The toy MDP of A. Géron, Hands-On Machine Learning (O'Reilly), chapter on reinforcement learning.
    """

    metadata: dict[str, Any] = {**FiniteEnv.metadata, "render_fps": 4}

    def __init__(
        self,
        transition: Any = None,
        reward: Any = None,
        *,
        start: Any = 0,
        terminal: Any = (),
        action_mask: Any = None,
        invalid_action: str = "stay",
        render_mode: str | None = None,
        overlay: str | None = None,
        overlay_discount: float = 0.95,
    ) -> None:
        if invalid_action not in INVALID_ACTION:
            raise ValueError(f"`invalid_action` must be one of {INVALID_ACTION}, got {invalid_action!r}.")
        if (transition is None) != (reward is None):
            missing = "transition" if transition is None else "reward"
            raise ValueError(f"`{missing}` is missing: `transition` and `reward` are given together or not at all.")
        if transition is None:
            transition, reward = model.TRANSITION, model.REWARD
            action_mask = model.ACTION_MASK if action_mask is None else action_mask
        mdp = FiniteMDP(transition, reward, start=start, terminal=terminal, action_mask=action_mask)
        rules = FiniteRules(
            mdp,
            IndexObservation(mdp.n_states),
            picture(mdp),
            action_meanings=tuple(f"A{action}" for action in range(mdp.n_actions)),
            overlay=read_overlay(overlay, overlay_discount),
        )
        super().__init__(rules, render_mode=render_mode)
        self.invalid_action = invalid_action
        self.keys_to_action = digit_keys(mdp.n_actions)  # type: ignore[misc]  # as many keys as this MDP has actions

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """Take one action; see :meth:`rlenvs.core.RulesEnv.step`.

        Raises:
            InvalidActionError: also if the action is impossible here and `invalid_action` is "error".
        """
        if self.invalid_action == "error" and self._state is not None and not self._ended:
            choice = checked_action(action, self.action_meanings)
            if not self.model.action_mask[self._state, choice]:
                possible = self.model.action_mask[self._state].nonzero()[0].tolist()
                raise InvalidActionError(
                    f"`action` {choice} is not possible in state {self._state}; possible: {possible}. "
                    'See info["action_mask"]; with `invalid_action="stay"` it would stay there with reward 0.'
                )
        return super().step(action)
