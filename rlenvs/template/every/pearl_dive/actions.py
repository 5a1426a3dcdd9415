"""What the player can do, and with which keys."""

DOWN, UP, GRAB = 0, 1, 2

MEANINGS = ("DOWN", "UP", "GRAB")
"""One word in capitals per action."""

KEYS: dict[tuple[int | str, ...], int] = {
    (1073741905,): DOWN,  # pygame.K_DOWN
    (1073741906,): UP,  # pygame.K_UP
    (" ",): GRAB,
}
"""Keys pressed together -> action: characters, or the numbers that pygame gives to the other keys."""
