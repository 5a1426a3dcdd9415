"""The environment: the model, what is seen of it, and its picture."""

from typing import Any, ClassVar

from rlenvs.core import FiniteEnv, FiniteRules, IndexObservation, Overlay
from rlenvs.rendering import Scene, fixed

from pearl_dive.actions import KEYS, MEANINGS
from pearl_dive.model import BAG, DEEPEST, LOST, N_STATES, dive_of, model, state_of
from pearl_dive.picture import picture


class PearlDive(FiniteEnv[int]):
    """Dive for pearls, and come up in time.

    ## Description
    A diver hunts for pearls below a boat. The deeper, the more pearls there are, and the stronger the current: each
    step at depth d it sweeps the diver away with probability `danger` × d, and the pearls are lost. A grab at depth 1,
    2, 3, 4, 5 finds a pearl with probability 0.1, 0.25, 0.45, 0.6, 0.7, and the bag holds three. What comes up is sold:
    three pearls bring more than three times one.

    ## Action Space
    `Discrete(3)`: 0 down, 1 up, 2 grab. At the bottom, down stays there; a grab with a full bag finds nothing.

    ## Observation Space
    `Discrete(25)`: 0 is lost; 1 + 4 × depth + pearls otherwise.

    ## Starting State
    At depth 1 with an empty bag, or with probability 0.25 at depth 2.

    ## Rewards
    On coming up with 0, 1, 2 or 3 pearls: 0, 1, 3 or 6. On being swept away: −2. Otherwise 0.

    ## Episode End
    1. Termination: the diver is back in the boat (depth 0).
    2. Termination: the diver is swept away.
    3. Truncation: after 50 steps, by the registered time limit.

    ## Information
    Empty. `env.unwrapped.model` is the model, `env.unwrapped.P` the same in toy-text form.

    ## Arguments
    | argument      | default | meaning                                                            |
    |---------------|---------|--------------------------------------------------------------------|
    | `danger`      | `0.02`  | chance to be swept away, per level of depth and step; 0 … 0.05     |
    | `render_mode` | `None`  | `"human"`, `"rgb_array"` or `"ansi"`                               |

    ## Version History
    - v0: first version.

    ## References
    A game of "press your luck", as dice games are; its rules are those of this package.
    """

    metadata: dict[str, Any] = {**FiniteEnv.metadata, "render_fps": 4}
    keys_to_action: ClassVar[dict[tuple[int | str, ...], int]] = KEYS

    def __init__(self, danger: float = 0.02, *, render_mode: str | None = None) -> None:
        rules = FiniteRules(model(danger), IndexObservation(N_STATES), scene_of, action_meanings=MEANINGS)
        super().__init__(rules, render_mode=render_mode)


def scene_of(state: int, overlay: Overlay | None) -> Scene:
    """The picture of a state, with the values of its bag at every depth if they are known."""
    depth, pearls = dive_of(state)
    notes = [_note(state_of(level, pearls), overlay) for level in range(1, DEEPEST + 1)] if overlay else []
    return picture(depth, pearls, deepest=DEEPEST, bag=BAG, is_lost=state == LOST, notes=notes)


def _note(state: int, overlay: Overlay) -> str:
    value = "" if overlay.values is None else fixed(float(overlay.values[state]), 2)
    if overlay.policy is None:
        return value
    best = [name.lower() for name, is_best in zip(MEANINGS, overlay.policy[state], strict=True) if is_best]
    return f"{value} {'/'.join(best)}".strip()
