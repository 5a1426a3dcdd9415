"""The session: a state machine between keys and steps. It sees no window and no environment."""

from __future__ import annotations

from collections.abc import Callable

from rlenvs_play.controls import Controls, command_keys
from rlenvs_play.held_keys import HeldKeys
from rlenvs_play.phases import Pace, Phase, Shown
from rlenvs_play.signals import (
    Closed,
    Effect,
    Event,
    FocusLost,
    NextEpisode,
    Pressed,
    Quit,
    Released,
    Screenshot,
    Step,
    Tick,
    Undo,
)
from rlenvs_play.step_clock import StepClock
from rlenvs_play.typing_in import Entry

CHORD_SECONDS = 0.05
"""Waiting for keys: how long a key waits for others that make a chord with it."""
REPEAT_AFTER, REPEAT_EVERY = 0.4, 0.125
"""Waiting for keys: when a key that is held down counts again."""
LONGEST_TICK = 0.25
"""Time in which the machine slept is not played afterwards."""
CARD_SECONDS = 2.0
"""How long the card of an agent's finished episode stays."""
MESSAGE_SECONDS = 4.0


class Session:
    """Turns events into effects.

    Whoever drives it carries the effects out and tells what came of them with :meth:`began` and :meth:`moved`.

    Args:
        controls: what the keys mean.
        pace: wait for keys, or run.
        fps: steps per second in real time.
        has_agent: whether there is an agent to hand over to.
    """

    def __init__(self, controls: Controls, *, pace: Pace, fps: float, has_agent: bool = False) -> None:
        self.controls = controls
        self.pace = pace
        self.clock = StepClock(fps)
        self.has_agent = has_agent
        self.agent_plays = has_agent
        self.phase = Phase.READY
        self.shown = Shown()
        self.entry: Entry | None = None
        self.message = ""
        self.quitting = False
        self.commands = command_keys(controls.keys)
        self._keys = HeldKeys(controls)
        self._last_action: object | None = None
        self._message_left = self._since = 0.0
        self._chord_left: float | None = None
        self._do: dict[str, Callable[[], tuple[Effect, ...]]] = {
            "help": lambda: self._toggle("help"),
            "values": lambda: self._toggle("values"),
            "hint": lambda: self._toggle("hint"),
            "view": lambda: self._toggle("view"),
            "restart": lambda: (NextEpisode(),),
            "again": lambda: (NextEpisode(same=True),),
            "undo": lambda: (Undo(),),
            "pause": self._pause,
            "single": self._single,
            "seed": lambda: self._open("seed"),
            "faster": lambda: self._change_speed(+1),
            "slower": lambda: self._change_speed(-1),
            "pace": self._change_pace,
            "hand": self._hand,
            "screenshot": lambda: (Screenshot(),),
            "quit": self._leave,
        }

    @property
    def runs_by_itself(self) -> bool:
        """Whether steps come without keys."""
        return self.agent_plays or self.pace is Pace.REAL_TIME

    def say(self, message: str) -> None:
        """Show a message for a few seconds."""
        self.message, self._message_left = message, MESSAGE_SECONDS

    def began(self, *, agent_plays: bool | None = None) -> None:
        """An episode has begun; ``agent_plays`` None: whoever played before."""
        if agent_plays is not None:
            self.agent_plays = agent_plays and self.has_agent
        self._last_action = None
        self._since = 0.0
        self.clock.restart()
        self._keys.forget_taps()
        self.phase = self._first_phase()

    def moved(self, *, ended: bool) -> None:
        """A step was taken."""
        if ended:
            self.phase = Phase.ENDED
            self._since = 0.0
            self._keys.forget_taps()

    def taken_back(self) -> None:
        """A step was undone: a game that runs waits for a key now."""
        self._last_action = self._chord_left = None
        self._keys.forget_taps()
        self.phase = Phase.PAUSED if self.agent_plays else self._first_phase()

    def agent_is_done(self) -> None:
        """The agent has nothing more to play: a recording has come to its end."""
        self.agent_plays = False
        self.phase = self._first_phase()
        self.say("The recording ends here; go on yourself if you like.")

    def handle(self, event: Event) -> tuple[Effect, ...]:
        """Take one event in and say what has to be done."""
        if isinstance(event, Tick):
            return self._tick(min(event.seconds, LONGEST_TICK))
        if isinstance(event, Pressed):
            return self._pressed(event.key)
        if isinstance(event, Released):
            self._keys.release(event.key)
        elif isinstance(event, FocusLost):
            self._lose_focus()
        elif isinstance(event, Closed):
            return self._quit()  # whatever lies over the picture
        return ()

    def _pressed(self, key: str) -> tuple[Effect, ...]:
        if self.entry is not None:
            return self._typed(key)
        if key in self.controls.keys:
            return self._action_key(key)
        if key == "enter" and self.phase is Phase.ENDED:
            return (NextEpisode(),)
        if key == "enter" and self.controls.typed:
            return self._open("action")
        command = self.commands.get(key)
        return () if command is None else self._do[command.name]()

    def _action_key(self, key: str) -> tuple[Effect, ...]:
        if not self._keys.press(key):
            return ()
        if self.phase is Phase.ENDED or self.phase is Phase.PAUSED or self.agent_plays:
            self._keys.forget_taps()
            return ()
        if self.phase is Phase.READY:
            self.phase = Phase.RUNNING
            self.clock.restart(at_once=True)
        self._since = 0.0
        if self.runs_by_itself:
            return ()
        self._chord_left = CHORD_SECONDS if self.controls.may_grow(self._keys.held, key) else None
        return () if self._chord_left is not None else self._steps_of_taps()

    def _steps_of_taps(self) -> tuple[Effect, ...]:
        action = self._keys.next_action()
        return () if action is None else (Step(self._remembered(action)),)

    def _typed(self, key: str) -> tuple[Effect, ...]:
        if self.entry is None:
            return ()
        self.entry, done = self.entry.after(key)
        if done is None:
            return ()
        if done.purpose == "seed":
            return (NextEpisode(seed=done.number),)
        if done.number not in self.controls.typed:
            self.say(f"Actions go from {self.controls.typed[0]} to {self.controls.typed[-1]}.")
            return ()
        return () if self.phase is Phase.ENDED else (Step(self._remembered(done.number)),)

    def _tick(self, seconds: float) -> tuple[Effect, ...]:
        self._message_left -= seconds
        if self._message_left <= 0:
            self.message = ""
        self._since += seconds
        if self.entry is not None:
            return ()
        if self.phase is Phase.ENDED:
            return (NextEpisode(),) if self.agent_plays and self._since >= CARD_SECONDS else ()
        if self.phase is not Phase.RUNNING:
            return ()
        return self._run(seconds) if self.runs_by_itself else self._wait(seconds)

    def _run(self, seconds: float) -> tuple[Effect, ...]:
        """Steps that are due by the clock."""
        n_steps = self.clock.steps_after(seconds)
        if self.agent_plays:
            return (Step(by_agent=True),) * n_steps
        actions = [self._next_action() for _ in range(n_steps)]
        if any(action is None for action in actions):
            self.phase = Phase.READY  # nothing was pressed yet, and this game has no action that does nothing
        return tuple(Step(action) for action in actions if action is not None)

    def _wait(self, seconds: float) -> tuple[Effect, ...]:
        """Keys that waited for a chord, and keys that are held down."""
        if self._chord_left is not None:
            self._chord_left -= seconds
            if self._chord_left > 0:
                return ()
            self._chord_left = None
            return self._steps_of_taps()
        if self._keys.held and self._since >= REPEAT_AFTER:
            self._since -= REPEAT_EVERY
            return self._steps_of_taps()
        return ()

    def _next_action(self) -> object | None:
        """What to do now: the keys' action, else the idle one, else the last one again."""
        action = self._keys.next_action()
        if action is None:
            action = self._last_action if self.controls.idle is None else self.controls.idle
        return self._remembered(action)

    def _remembered(self, action: object | None) -> object | None:
        self._last_action = action
        return action

    def _toggle(self, what: str) -> tuple[Effect, ...]:
        self.shown = Shown(**{**vars(self.shown), what: not getattr(self.shown, what)})
        return ()

    def _open(self, purpose: str) -> tuple[Effect, ...]:
        self.entry = Entry(purpose)
        self._keys.release_all()
        return ()

    def _leave(self) -> tuple[Effect, ...]:
        return self._toggle("help") if self.shown.help else self._quit()

    def _quit(self) -> tuple[Effect, ...]:
        self.quitting = True
        return (Quit(),)

    def _pause(self) -> tuple[Effect, ...]:
        if self.phase is Phase.PAUSED:
            self.phase = Phase.RUNNING
        elif not self.runs_by_itself:
            self.say("The game waits for your keys anyway.")
        elif self.phase is not Phase.ENDED:
            self.phase = Phase.PAUSED
        return ()

    def _single(self) -> tuple[Effect, ...]:
        if self.phase is Phase.ENDED:
            return ()
        if self.agent_plays:
            self.phase = Phase.PAUSED
            return (Step(by_agent=True),)
        if self.runs_by_itself:
            self.phase = Phase.PAUSED
        action = self._next_action()
        if action is None:
            self.say("Hold the key of an action for a single step.")
            return ()
        return (Step(action),)

    def _change_speed(self, by: int) -> tuple[Effect, ...]:
        self.clock.change_speed(by)
        return ()

    def _change_pace(self) -> tuple[Effect, ...]:
        self.pace = Pace.TURNS if self.pace is Pace.REAL_TIME else Pace.REAL_TIME
        if self.phase is not Phase.ENDED:
            self.phase = self._first_phase()
        return ()

    def _hand(self) -> tuple[Effect, ...]:
        if not self.has_agent:
            self.say("There is no agent to hand over to; start with --agent.")
            return ()
        self.agent_plays = not self.agent_plays
        self._keys.release_all()
        self._last_action = None
        self.clock.restart()
        if self.phase is not Phase.ENDED:
            self.phase = self._first_phase()
        return ()

    def _should_wait(self) -> bool:
        return not self.agent_plays and self.pace is Pace.REAL_TIME

    def _first_phase(self) -> Phase:
        return Phase.READY if self._should_wait() else Phase.RUNNING

    def _lose_focus(self) -> None:
        self._keys.release_all()
        self._chord_left = None
        if self.phase is Phase.RUNNING and self._should_wait():
            self.phase = Phase.PAUSED
            self.say("Paused: the keys went to another window.")
