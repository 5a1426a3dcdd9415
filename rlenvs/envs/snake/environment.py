"""Snake."""

from __future__ import annotations

from typing import Any, ClassVar

from rlenvs.core import MOVE_KEYS, RulesEnv
from rlenvs.envs.snake.game import read_game
from rlenvs.envs.snake.rules import SnakeRules, SnakeState


class Snake(RulesEnv[SnakeState, Any]):
    """Snake: eat, grow, and run into nothing.

    ## Description
    A snake moves over a board, one cell per step. Food makes it one cell longer and appears again on a free cell, each
    with the same chance. Running into the border or into its own body ends the game; filling the board wins it.

    - A move straight back is ignored and the snake goes straight on; a head alone may turn round.
    - The cell that the tail is leaving may be entered in the same step.
    - The body takes up the cell behind it in the step in which the snake eats.
    - A snake that dies stays where it was before the fatal move.

    ## Action Space
    `Discrete(4)`: 0 up, 1 down, 2 left, 3 right. Every action is always possible; none is masked.

    ## Observation Space
    | `observation` | space                                    | content                                       |
    |---------------|------------------------------------------|-----------------------------------------------|
    | `"board"`     | `Box(0, 3, (rows, columns), uint8)`      | 0 empty, 1 body, 2 head, 3 food               |
    | `"planes"`    | `Box(0, 255, (rows, columns, 3), uint8)` | 255 where body, head, food is                 |
    | `"features"`  | `Box(-1 or 0, 1, (12,), float32)`        | see below                                     |
    | `"image"`     | `Box(0, 255, (height, width, 3), uint8)` | RGB, 84×84: `cell_pixels` per cell, wall of 2 |

    Features: 0–3 whether a move up, down, left, right ends the game; 4–7 the heading, one of four; 8–9 the way to the
    food in rows and columns, as a part of the longest way; 10 the length as a part of the board; 11 the steps without
    food as a part of the starvation limit.

    ## Starting State
    One head on (rows // 2, columns // 2), length 1, heading right; food uniformly on one of the other cells.

    ## Rewards
    +1 for food, −1 for dying, 0 otherwise (`food_reward`, `death_reward`, `step_reward`); a full board pays
    `win_reward` (0) beside its last food. The best return is rows · columns − 1: a snake that follows a cycle through
    all cells fills every board with an even side and never starves.

    ## Episode End
    1. Termination: the snake runs into the border or its body.
    2. Termination: the board is full; no food is left.
    3. Truncation: `starvation_limit` steps without food. There is no other time limit.

    ## Information
    `score`: the food eaten so far, an int.

    ## Arguments
    | argument           | default   | meaning                                                                  |
    |--------------------|-----------|--------------------------------------------------------------------------|
    | `rows`             | `10`      | height of the board, at least 2                                          |
    | `columns`          | `10`      | width of the board, at least 2                                           |
    | `observation`      | `"board"` | `"board"`, `"planes"`, `"features"` or `"image"`                         |
    | `cell_pixels`      | `8`       | size of a cell in the image                                              |
    | `starvation_limit` | `"board"` | steps without food until truncation; `"board"`: rows × columns; None: no limit |
    | `food_reward`      | `1.0`     | paid for food                                                            |
    | `death_reward`     | `-1.0`    | paid for dying                                                           |
    | `step_reward`      | `0.0`     | paid for a step without food                                             |
    | `win_reward`       | `0.0`     | paid for a full board, beside the food                                   |
    | `render_mode`      | `None`    | `"human"`, `"rgb_array"` or `"ansi"`                                     |

    ## Version History
    - v0: first version.

    ## References
    The arcade game Blockade (Gremlin Industries, 1976) and its many successors.
    """

    metadata: dict[str, Any] = {**RulesEnv.metadata, "render_fps": 8}
    keys_to_action: ClassVar[dict[tuple[int | str, ...], int]] = MOVE_KEYS

    def __init__(
        self,
        rows: int = 10,
        columns: int = 10,
        *,
        observation: str = "board",
        cell_pixels: int = 8,
        starvation_limit: int | str | None = "board",
        food_reward: float = 1.0,
        death_reward: float = -1.0,
        step_reward: float = 0.0,
        win_reward: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        rewards = {
            "food_reward": food_reward,
            "death_reward": death_reward,
            "step_reward": step_reward,
            "win_reward": win_reward,
        }
        game = read_game(rows, columns, starvation_limit, rewards)
        super().__init__(SnakeRules(game, observation, cell_pixels), render_mode=render_mode)
