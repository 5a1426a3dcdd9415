"""What each Atari game needs at the start of a life, with the reason."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, NamedTuple

Start = Literal["fire", "skip", "none"]


class GameStart(NamedTuple):
    """How the lives of a game begin."""

    start: Start
    steps: int  # skipped steps of 4 frames, where start is "skip"
    reason: str


_UNKNOWN = GameStart("none", 0, "It is not in the table: neither FIRE nor waiting is known to be needed.")

# For how many steps of 4 frames a game shows the same pictures whatever action is held: the smaller of the number after
# reset and that after a lost life, without sticky actions, ale-py 0.12.1. Shorter phases than 15 steps are left out.
_IGNORED = {
    "Amidar": 64,
    "BattleZone": 24,
    "ChopperCommand": 22,
    "Frogger": 18,
    "Frostbite": 15,
    "Gopher": 30,
    "Hero": 15,
    "KingKong": 47,
    "KungFuMaster": 18,
    "MsPacman": 29,
    "NameThisGame": 33,
    "Pacman": 29,
    "Pooyan": 64,
    "Qbert": 37,
    "Seaquest": 31,
    "StarGunner": 22,
    "UpNDown": 16,
    "Venture": 16,
    "WizardOfWor": 16,
}

_NAMED = {
    "Breakout": GameStart("fire", 0, "Each ball is served by FIRE; without it the picture stands still for ever."),
    "DonkeyKong": GameStart("fire", 0, "The game stands still until FIRE, and again after each lost life."),
    "Pong": GameStart("none", 0, "The ball is served without the player."),
    "SpaceInvaders": GameStart(
        "skip", 40, "The player is ignored for the first 32 steps after reset; 40 is the number of the reference agent."
    ),
}

GAMES = MappingProxyType(
    _NAMED
    | {
        game: GameStart("skip", steps, f"The player is ignored for the first {steps} steps of each life, or for more.")
        for game, steps in _IGNORED.items()
    }
)
"""Game -> how its lives begin."""


def game_start(game: str) -> GameStart:
    """The entry of a game; one that says so where there is none."""
    return GAMES.get(game, _UNKNOWN)
