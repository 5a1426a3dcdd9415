"""The rules of Snake, once. Plain functions on a board, a ring of body cells and five numbers.

They run as they stand on the lists of the single environment, and compiled on the arrays of the vector environment.
Cells are numbered row by row; `divmod(cell, n_columns)` is row and column. Arguments that both know:

    board  (cells,)  codes EMPTY, BODY, HEAD, FOOD
    body   (cells,)  a ring of cells; the head stands at `snake[SLOT]`, the tail `snake[LENGTH] - 1` before it
                     (a negative index counts from the end, which is what a ring needs)
    snake  (5,)      SLOT, LENGTH, HEADING, HUNGER, FOOD_CELL
"""

from __future__ import annotations

from typing import Any

EMPTY, BODY, HEAD, FOOD = 0, 1, 2, 3
UP, DOWN, LEFT, RIGHT = 0, 1, 2, 3
SLOT, LENGTH, HEADING, HUNGER, FOOD_CELL = 0, 1, 2, 3, 4
N_NUMBERS = 5
N_FEATURES = 12

# Lists here and NumPy arrays there: the functions only index.
Cells = Any


def neighbour(cell: int, direction: int, n_columns: int, n_cells: int) -> int:
    """The cell beside ``cell``, or -1 where the board ends. A direction's opposite is ``direction ^ 1``."""
    if direction == UP:
        return cell - n_columns if cell >= n_columns else -1
    if direction == DOWN:
        return cell + n_columns if cell + n_columns < n_cells else -1
    if direction == LEFT:
        return cell - 1 if cell % n_columns > 0 else -1
    return cell + 1 if (cell + 1) % n_columns > 0 else -1


def place_food(board: Cells, n_free: int, u: float) -> int:
    """Put food on the empty cell chosen by ``u``, each with the same chance; return the cell."""
    left = int(u * n_free)
    for cell in range(len(board)):
        if board[cell] == EMPTY:
            if left == 0:
                board[cell] = FOOD
                return cell
            left -= 1
    return -1


def initial(board: Cells, body: Cells, snake: Cells, start: int, u: float) -> None:
    """One head at ``start``, length 1, heading right, and food on one of the other cells."""
    for cell in range(len(board)):
        board[cell] = EMPTY
    board[start] = HEAD
    body[0] = start
    snake[SLOT] = 0
    snake[LENGTH] = 1
    snake[HEADING] = RIGHT
    snake[HUNGER] = 0
    snake[FOOD_CELL] = place_food(board, len(board) - 1, u)


def heading_after(snake: Cells, action: int) -> int:
    """A move straight back is ignored, unless the snake is a head alone."""
    if snake[LENGTH] > 1 and action == snake[HEADING] ^ 1:
        return int(snake[HEADING])
    return action


def landing(board: Cells, body: Cells, snake: Cells, heading: int, n_columns: int) -> int:
    """The cell that a step towards ``heading`` enters, or -1 where it ends the game.

    The tail leaves its cell in the same move, so that cell may be entered.
    """
    n_cells = len(board)
    target = neighbour(body[snake[SLOT]], heading, n_columns, n_cells)
    if target < 0:
        return -1
    if board[target] == BODY and target != body[snake[SLOT] - snake[LENGTH] + 1]:
        return -1
    return target


def transition(
    board: Cells,
    body: Cells,
    snake: Cells,
    action: int,
    u: float,
    n_columns: int,
    limit: int,
    rewards: Any,
) -> tuple[float, bool, bool]:
    """Move, eat, grow, die, win or starve; return reward, terminated, truncated.

    Args:
        board: changed in place; a snake that dies stays where it was.
        body: changed in place.
        snake: changed in place.
        action: one of the four directions.
        u: where the next food appears, if this one is eaten.
        n_columns: width of the board.
        limit: steps without food after which the episode is truncated.
        rewards: for a food, for dying, for a step without food, and for a full board beside its food; (4,) floats.
    """
    n_cells = len(board)
    snake[HEADING] = heading_after(snake, action)
    snake[HUNGER] += 1
    target = landing(board, body, snake, snake[HEADING], n_columns)
    if target < 0:
        return rewards[1], True, False
    slot = snake[SLOT]
    eats = board[target] == FOOD
    if eats:
        snake[LENGTH] += 1
        snake[HUNGER] = 0
    else:
        board[body[slot - snake[LENGTH] + 1]] = EMPTY
    if snake[LENGTH] > 1:
        board[body[slot]] = BODY
    slot = slot + 1 if slot + 1 < n_cells else 0
    board[target] = HEAD
    body[slot] = target
    snake[SLOT] = slot
    if not eats:
        return rewards[2], False, snake[HUNGER] >= limit
    if snake[LENGTH] == n_cells:
        snake[FOOD_CELL] = -1
        return rewards[0] + rewards[3], True, False
    snake[FOOD_CELL] = place_food(board, n_cells - snake[LENGTH], u)
    return rewards[0], False, False


def features(board: Cells, body: Cells, snake: Cells, n_columns: int, limit: int, out: Cells) -> None:
    """Write what a player looks at, (12,) numbers in [-1, 1].

    0-3: 1 where a move up, down, left, right ends the game; 4-7: the heading, one of four; 8-9: rows and columns to
    the food, in units of the longest way (0 when there is none); 10: length, 11: hunger, each as a part of its limit.
    """
    n_cells = len(board)
    n_rows = n_cells // n_columns
    for direction in range(4):
        heading = heading_after(snake, direction)
        out[direction] = 1.0 if landing(board, body, snake, heading, n_columns) < 0 else 0.0
        out[4 + direction] = 1.0 if direction == snake[HEADING] else 0.0
    head = body[snake[SLOT]]
    food = snake[FOOD_CELL] if snake[FOOD_CELL] >= 0 else head
    out[8] = (food // n_columns - head // n_columns) / (n_rows - 1)
    out[9] = (food % n_columns - head % n_columns) / (n_columns - 1)
    out[10] = snake[LENGTH] / n_cells
    out[11] = min(snake[HUNGER] / limit, 1.0)
