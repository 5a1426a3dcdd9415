"""Take any Gymnasium environment into your own hands.

``play(env)`` opens a window, or plays in the terminal where there is no screen; ``replay(path)`` plays a recorded
session again and compares; ``watch(env, agent)`` records an agent without a window, and ``show_film(env, agent)`` shows
it in a notebook. A :class:`Session` is the state machine behind it: events in, effects out, no window. Nothing heavy is
imported before it is needed.
"""

from rlenvs_play.bindings import controls_for
from rlenvs_play.episodes import Episode
from rlenvs_play.game import Game
from rlenvs_play.notebook import show_film
from rlenvs_play.phases import Pace, Phase
from rlenvs_play.playing import play
from rlenvs_play.policies import CyclePolicy, OptimalPolicy, Policy, RandomPolicy
from rlenvs_play.saved import read_session, replay
from rlenvs_play.session import Session
from rlenvs_play.settings import Settings
from rlenvs_play.watching import watch

__all__ = [
    "CyclePolicy",
    "Episode",
    "Game",
    "OptimalPolicy",
    "Pace",
    "Phase",
    "Policy",
    "RandomPolicy",
    "Session",
    "Settings",
    "controls_for",
    "play",
    "read_session",
    "replay",
    "show_film",
    "watch",
]
