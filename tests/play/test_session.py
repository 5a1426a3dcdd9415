"""The session: events and time in, effects out. No window, no environment."""

import gymnasium as gym
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Counter

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_play import controls_for
from rlenvs_play.controls import COMMANDS
from rlenvs_play.keys import KEYS
from rlenvs_play.phases import Pace, Phase
from rlenvs_play.session import CHORD_SECONDS, REPEAT_AFTER, REPEAT_EVERY, Session
from rlenvs_play.signals import (
    Closed,
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
from rlenvs_play.step_clock import MOST_STEPS_PER_TICK

ATARI = {(): 0, "space": 1, "up": 2, "right": 3, "up+right": 4}


def session_of(pace=Pace.TURNS, *, keys=None, fps=10.0, n_actions=5, agent=False):
    session = Session(controls_for(Counter(n_actions), keys), pace=pace, fps=fps, has_agent=agent)
    session.began()
    return session


def snake(pace=Pace.REAL_TIME):
    session = Session(controls_for(gym.make("rlenvs/Snake-v0")), pace=pace, fps=10.0)
    session.began()
    return session


def tap(session, key):
    return (*session.handle(Pressed(key)), *session.handle(Released(key)))


def ticks(session, seconds, each=1 / 60):
    effects = []
    while seconds > 1e-9:
        effects += session.handle(Tick(min(each, seconds)))
        seconds -= each
    return effects


def test_waiting_for_keys_one_tap_is_one_step():
    session = snake(Pace.TURNS)
    assert tap(session, "left") == (Step(2),)
    assert ticks(session, 5.0) == []


def test_waiting_for_keys_a_held_key_repeats_only_after_a_while():
    session = snake(Pace.TURNS)
    assert session.handle(Pressed("up")) == (Step(0),)
    assert ticks(session, REPEAT_AFTER * 0.9) == []
    assert ticks(session, REPEAT_AFTER * 0.1 + 2.5 * REPEAT_EVERY) == [Step(0)] * 3


def test_waiting_for_keys_keys_pressed_together_are_one_chord():
    session = session_of(keys=ATARI)
    assert session.handle(Pressed("up")) == ()
    assert session.handle(Pressed("right")) == (Step(4),)
    assert ticks(session, 1.0)[:1] != [Step(2)]


def test_waiting_for_keys_a_key_that_could_be_a_chord_is_played_after_a_moment():
    session = session_of(keys=ATARI)
    assert tap(session, "up") == ()
    assert ticks(session, CHORD_SECONDS + 0.02) == [Step(2)]


def test_real_time_waits_for_the_first_key_and_then_runs_on():
    session = snake()
    assert session.phase is Phase.READY
    assert ticks(session, 2.0) == []
    tap(session, "up")
    # The first step comes at once; without an action that does nothing, the last one is repeated.
    assert ticks(session, 1.0) == [Step(0)] * 11


def test_real_time_plays_the_idle_action_while_no_key_is_held():
    session = session_of(Pace.REAL_TIME, keys=ATARI)
    session.handle(Pressed("space"))
    assert ticks(session, 0.2)[0] == Step(1)
    session.handle(Released("space"))
    assert set(ticks(session, 1.0)) == {Step(0)}


def test_a_tap_between_two_steps_is_not_lost():
    session = snake()
    tap(session, "up")
    ticks(session, 0.11)
    tap(session, "left")
    assert Step(2) in ticks(session, 0.11)


def test_two_quick_taps_are_two_steps_in_their_order():
    session = snake()
    tap(session, "up")
    ticks(session, 0.11)
    tap(session, "left")
    tap(session, "down")
    assert [step for step in ticks(session, 0.3) if step != Step(0)][:2] == [Step(2), Step(1)]


def test_speed_changes_by_factors_of_two():
    session = snake()
    tap(session, "up")
    ticks(session, 0.05)
    tap(session, "plus")
    assert len(ticks(session, 1.0)) == 20
    for _ in range(2):
        tap(session, "-")
    assert len(ticks(session, 2.0)) == 10


def test_a_long_sleep_is_not_caught_up():
    session = snake()
    tap(session, "up")
    assert len(session.handle(Tick(3600.0))) <= MOST_STEPS_PER_TICK
    assert len(session.handle(Tick(1 / 60))) <= 2


def test_pause_and_single_step():
    session = session_of(Pace.REAL_TIME, keys=ATARI)
    tap(session, "space")
    ticks(session, 0.2)
    tap(session, "p")
    assert session.phase is Phase.PAUSED
    assert ticks(session, 1.0) == []
    assert tap(session, "n") == (Step(0),)
    assert tap(session, "right") == ()  # a key of the game moves nothing while it is paused
    session.handle(Pressed("right"))
    assert tap(session, "n") == (Step(3),)
    session.handle(Released("right"))
    tap(session, "p")
    assert len(ticks(session, 0.5)) >= 4


def test_single_step_without_anything_to_do_says_so():
    session = snake()
    assert tap(session, "n") == ()
    assert "Hold the key" in session.message


@pytest.mark.parametrize(
    ("key", "effect"),
    [("r", NextEpisode()), ("t", NextEpisode(same=True)), ("u", Undo()), ("f12", Screenshot()), ("escape", Quit())],
)
def test_commands(key, effect):
    assert tap(session_of(), key) == (effect,)


def test_every_command_has_something_to_do():
    for command in COMMANDS:
        session = session_of(Pace.REAL_TIME, agent=True)
        before = repr((vars(session), session.clock.speed))
        effects = tap(session, command.keys[0])
        assert effects or repr((vars(session), session.clock.speed)) != before, command


def test_seeds_are_typed_in():
    session = snake()
    tap(session, "up")
    tap(session, "g")
    assert ticks(session, 1.0) == []  # the game stands while a number is typed
    for key in ("4", "7", "backspace", "2", "left"):
        assert tap(session, key) == ()
    assert session.entry is not None
    assert session.entry.digits == "42"
    assert tap(session, "enter") == (NextEpisode(seed=42),)
    tap(session, "g")
    tap(session, "5")
    assert tap(session, "escape") == ()
    assert session.entry is None


def test_actions_are_typed_in_where_they_have_no_key():
    session = session_of(n_actions=500)
    tap(session, "enter")
    for digit in "321":
        tap(session, digit)
    assert tap(session, "enter") == (Step(321),)
    tap(session, "enter")
    for digit in "999":
        tap(session, digit)
    assert tap(session, "enter") == ()
    assert "0 to 499" in session.message


def test_after_the_end_nothing_moves_until_a_new_episode():
    session = snake()
    tap(session, "up")
    session.moved(ended=True)
    assert session.phase is Phase.ENDED
    assert ticks(session, 5.0) == []
    assert tap(session, "left") == ()
    assert tap(session, "enter") == (NextEpisode(),)
    session.began()
    assert session.phase is Phase.READY
    assert ticks(session, 1.0) == []


def test_a_step_taken_back_lets_the_game_wait():
    session = snake()
    tap(session, "up")
    session.moved(ended=True)
    session.taken_back()
    assert session.phase is Phase.READY


def test_an_agent_plays_by_the_clock_also_where_the_game_would_wait():
    session = session_of(Pace.TURNS, agent=True)
    assert ticks(session, 1.0) == [Step(by_agent=True)] * 10
    assert tap(session, "left") == ()


def test_taking_over_and_handing_back():
    session = session_of(Pace.REAL_TIME, agent=True)
    tap(session, "tab")
    assert not session.agent_plays
    assert session.phase is Phase.READY  # nobody loses because of taking over
    tap(session, "0")
    assert ticks(session, 0.3)[0] == Step(0)
    tap(session, "tab")
    assert set(ticks(session, 1.0)) == {Step(by_agent=True)}


def test_without_an_agent_nobody_can_take_over():
    session = session_of()
    tap(session, "tab")
    assert "no agent" in session.message
    assert not session.agent_plays


def test_an_agent_goes_on_with_the_next_episode_by_itself():
    session = session_of(agent=True)
    session.moved(ended=True)
    assert ticks(session, 3.0).count(NextEpisode()) >= 1


def test_losing_focus_lets_go_of_all_keys_and_pauses_a_running_game():
    session = session_of(Pace.REAL_TIME, keys=ATARI)
    session.handle(Pressed("space"))
    ticks(session, 0.2)
    session.handle(FocusLost())
    assert session.phase is Phase.PAUSED
    session.handle(Released("space"))
    tap(session, "p")
    assert set(ticks(session, 0.5)) == {Step(0)}


@pytest.mark.parametrize("open_card", ["", "h", "g", "p"])
def test_closing_the_window_quits_whatever_lies_over_the_picture(open_card):
    session = session_of()
    session.handle(Pressed(open_card))
    assert session.handle(Closed()) == (Quit(),)


def test_pace_can_be_changed_while_playing():
    session = snake()
    tap(session, "m")
    assert session.pace is Pace.TURNS
    assert tap(session, "left") == (Step(2),)
    tap(session, "m")
    assert session.phase is Phase.READY


def test_messages_go_away():
    session = session_of()
    session.say("hello")
    ticks(session, 1.0)
    assert session.message == "hello"
    ticks(session, 10.0)
    assert session.message == ""


def test_keys_that_mean_nothing_are_ignored():
    session = session_of(Pace.REAL_TIME, keys=ATARI)
    session.handle(Pressed("right"))
    session.handle(Pressed("z"))
    assert set(ticks(session, 0.5)) == {Step(3)}


@settings(max_examples=200)
@given(
    st.lists(
        st.one_of(
            st.builds(Pressed, st.sampled_from(sorted(KEYS))),
            st.builds(Released, st.sampled_from(sorted(KEYS))),
            st.just(FocusLost()),
            st.builds(Tick, st.floats(0, 1)),
            st.sampled_from(["ended", "began", "back"]),
        ),
        max_size=60,
    ),
    st.sampled_from(Pace),
    st.booleans(),
    st.sampled_from([None, tuple(ATARI.items())]),
)
def test_mashing_keys_never_breaks_it(events, pace, agent, keys):
    session = session_of(pace, keys=None if keys is None else dict(keys), agent=agent)
    space = Counter(5).action_space
    for event in events:
        if event == "ended":
            session.moved(ended=True)
        elif event == "began":
            session.began()
        elif event == "back":
            session.taken_back()
        else:
            for effect in session.handle(event):
                if isinstance(effect, Step):
                    assert session.entry is None
                    assert effect.by_agent or space.contains(effect.action)
