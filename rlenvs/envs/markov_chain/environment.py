"""A Markov chain to watch."""

from __future__ import annotations

from typing import Any, ClassVar

from rlenvs.core import FiniteEnv, FiniteRules, IndexObservation
from rlenvs.envs.markov_chain.model import TRANSITION, chain_model
from rlenvs.envs.markov_chain.picture import picture
from rlenvs.envs.overlay import read_overlay


class MarkovChain(FiniteEnv[int]):
    """A Markov chain: one action, a reward of −1 per step until it is absorbed.

    ## Description
    Four states. State 0 keeps itself with probability 0.7; states 1 and 2 hand the walk to each other; state 3 ends it.
    The expected number of steps to the end is 16 from state 0, 19 from state 1 and 20 from state 2, exactly.

    | from | to 0 | to 1 | to 2 | to 3 |
    |------|------|------|------|------|
    | 0    | .7   | .2   | 0    | .1   |
    | 1    | 0    | 0    | .9   | .1   |
    | 2    | 0    | 1    | 0    | 0    |
    | 3    | the end                   ||||

    ## Action Space
    `Discrete(1)`: 0, go on.

    ## Observation Space
    `Discrete(4)`: the state, a plain int (`Discrete(S)` for S states).

    ## Starting State
    State 0 (or drawn from `start`).

    ## Rewards
    −1 per step, the one into the end included (or `reward`), so that the expected return is minus the hitting time.

    ## Episode End
    1. Termination: on entering a terminal state.
    2. Truncation: after 1000 steps, by the registered time limit.

    ## Information
    Empty. `env.unwrapped.model` is the model with one action, `env.unwrapped.P` the same in toy-text form.

    ## Arguments
    | argument           | default   | meaning                                                                    |
    |--------------------|-----------|----------------------------------------------------------------------------|
    | `transition`       | the above | probabilities (S, S), lists, array or sparse matrix                        |
    | `reward`           | `-1.0`    | per step, per state left (S,), or per transition (S, S)                    |
    | `start`            | `0`       | start state, or a distribution over the states                             |
    | `terminal`         | `None`    | indices of the terminal states; None: the absorbing ones (`P[s][s]` = 1)   |
    | `render_mode`      | `None`    | `"human"`, `"rgb_array"` or `"ansi"`                                       |
    | `overlay`          | `None`    | `"values"` draws the expected return from each state                       |
    | `overlay_discount` | `1.0`     | the discount at which it is computed                                       |

    ## Version History
    - v0: first version.

    ## References
    J. G. Kemeny and J. L. Snell, Finite Markov Chains (1960), chapter III (absorbing chains). The chain is that of
    A. Géron, Hands-On Machine Learning (O'Reilly), chapter on reinforcement learning.
    """

    metadata: dict[str, Any] = {**FiniteEnv.metadata, "render_fps": 4}
    keys_to_action: ClassVar[dict[tuple[int | str, ...], int]] = {(" ",): 0}

    def __init__(
        self,
        transition: Any = None,
        reward: Any = -1.0,
        *,
        start: Any = 0,
        terminal: Any = None,
        render_mode: str | None = None,
        overlay: str | None = None,
        overlay_discount: float = 1.0,
    ) -> None:
        mdp = chain_model(TRANSITION if transition is None else transition, reward, start, terminal)
        rules = FiniteRules(
            mdp,
            IndexObservation(mdp.n_states),
            picture(mdp),
            action_meanings=("STEP",),
            overlay=read_overlay(overlay, overlay_discount),
        )
        super().__init__(rules, render_mode=render_mode)
