"""Each known defect of `gymnasium.utils.play`, and the opposite of it here."""

import json
import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from scripted import TICK, Counter, Script

from rlenvs_play import Settings, controls_for, play
from rlenvs_play.environments import fps_of
from rlenvs_play.painter import Painter, layout_for
from rlenvs_play.signals import FocusLost, Pressed, Released
from rlenvs_play.window import PlayWindow


def steps_of(*entries, env=None, **kwargs):
    """The actions that a script makes in an environment."""
    done = []
    play(env or Counter(), device=Script(*entries), callback=lambda *step: done.append(step), seed=1, **kwargs)
    return done


def test_with_a_seed_the_episodes_differ():
    env = Counter(length=1)
    steps_of("0", 5, "enter", "0", 5, "enter", "0", 5, env=env, settings=Settings(pace="turns"))
    assert env.resets == [1, 2, 3]


def test_the_first_observation_of_the_callback_is_an_observation():
    env = gym.make("rlenvs/Snake-v0", render_mode="rgb_array")
    first = steps_of("left", 30, env=env)[0][0]
    assert env.observation_space.contains(first)


@pytest.mark.parametrize("fps", [29.97, np.float32(60), None, 0, "fast"])
def test_any_render_fps_is_taken(fps):
    env = Counter()
    env.metadata = {**env.metadata, "render_fps": fps}
    assert fps_of(env) > 0
    assert steps_of("0", 30, env=env)


def test_importing_chooses_no_matplotlib_backend_and_loads_nothing_heavy():
    heavy = ["matplotlib", "pygame", "PIL", "minari", "cv2", "ale_py", "tensorflow", "torch", "numba"]
    report = f"print(json.dumps([name for name in {heavy} if name in sys.modules]))"
    code = f"import rlenvs_play, rlenvs_play.commands, sys, json; {report}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_a_word_is_one_key_and_not_a_chord_of_its_letters():
    controls = controls_for(Counter(), {"left": 2})
    assert controls.keys == {"left"}
    assert controls.choose(["l", "e", "f", "t"]) is None


def test_two_keys_that_are_no_chord_are_not_the_idle_action():
    done = steps_of([Pressed("up")], [Pressed("right")], 60, keys={(): 0, "up": 1, "right": 2})
    assert [step[2] for step in done][-1] != 0
    assert 0 not in [step[2] for step in done]


def test_a_key_that_means_nothing_is_not_the_idle_action():
    done = steps_of([Pressed("up")], [Pressed("q")], 30, keys={(): 0, "up": 1})
    assert {step[2] for step in done} == {1}


def test_an_environment_without_keys_of_its_own_can_be_played():
    assert [step[2] for step in steps_of("3", settings=Settings(pace="turns"))] == [3]


def test_key_none_of_an_environment_is_no_key():
    class Old(Counter):
        def get_keys_to_action(self):
            return {None: 0, (ord("w"),): 1}

    controls = controls_for(Old())
    assert controls.idle == 0
    assert controls.choose(["w"]) == 1


def test_keys_of_mountain_car_can_be_pressed_on_todays_keyboards():
    controls = controls_for(gym.make("MountainCar-v0"))
    assert [controls.choose([key]) for key in ("left", "right")] == [0, 2]


def test_there_are_score_best_seed_pause_undo_and_a_card_at_the_end():
    script = Script("0", "1", "u", "1", "0", "0", "0", 3)
    play(Counter(length=5), device=script, seed=6, settings=Settings(pace="turns"))
    last = script.views[-1]
    numbers = dict(last.numbers)
    assert numbers["seed"] == "6"
    assert numbers["steps"] == "5"
    assert numbers["score"] == numbers["best"]
    assert {"undo a step", "type a seed"} <= {meaning for _, meaning in last.commands}
    assert last.card is not None
    assert "over" in last.card.title


def test_waiting_for_the_player_one_press_is_one_step_however_long_the_frame():
    done = steps_of([Pressed("0")], [], [], [Released("0")], 60, settings=Settings(pace="turns"))
    assert len(done) == 1


def test_releasing_a_key_that_was_never_pressed_does_no_harm():
    assert steps_of([Released("0"), Released("x")], [FocusLost()], [Released("left")], 5) == []


@pytest.mark.parametrize("zoom", [0, -1, float("nan")])
def test_a_zoom_of_nothing_is_refused(zoom):
    with pytest.raises(ValueError, match="`zoom` must be a number above 0"):
        Settings(zoom=zoom)


@pytest.mark.parametrize("zoom", [0.37, 1.5, 2.0])
def test_any_zoom_gives_whole_pixels(zoom):
    layout = layout_for((211, 161), panel_height=300, zoom=zoom)
    assert all(isinstance(side, int) for side in layout[1:])
    assert (layout.height, layout.width) == (round(211 * zoom), round(161 * zoom))


def test_playing_opens_no_sound():
    code = (
        "import gymnasium as gym, rlenvs; from rlenvs_play import play, Settings\n"
        "env = gym.make('CartPole-v1', render_mode='rgb_array')\n"
        "play(env, agent='random', seed=0, settings=Settings(episodes=1, fps=500))\n"
        "import pygame; print(pygame.mixer.get_init(), pygame.joystick.get_init())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "None False"


def test_the_window_is_asked_for_events_while_nothing_moves():
    # A window whose events nobody fetches is "not responding" to the desktop.
    quiet = 40
    for waiting in ((), ("p",), ("g",), ("h",), ("0", 90)):  # ready, paused, typing, all keys, the end
        script = Script(*waiting, quiet)
        play(Counter(length=2), device=script, seed=1)
        assert script.ticks == []
        assert len(script.views) >= quiet + len(waiting)


class Rude(Counter):
    """An environment whose reset and close shut all of pygame down, as some do that have a window of their own."""

    def reset(self, **kwargs):
        self.close()
        return super().reset(**kwargs)

    def close(self):
        import pygame

        pygame.quit()


class Hands:
    """A pacer in whose waits keys are pressed in the window itself."""

    def __init__(self, pygame, *names):
        self.pygame = pygame
        self.names = list(names)

    def wait(self):
        pygame = self.pygame
        if not pygame.display.get_init():
            return TICK  # there is no window before the next view is shown
        if not self.names:
            pygame.event.post(pygame.event.Event(pygame.QUIT))
        else:
            key = ord(self.names.pop(0))
            for kind in (pygame.KEYDOWN, pygame.KEYUP):
                pygame.event.post(pygame.event.Event(kind, key=key))
        return TICK


def test_keys_still_come_when_the_environment_shuts_pygame_down_in_reset(monkeypatch):
    pygame = pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    env = Rude(length=2)
    window = PlayWindow("test", Painter(), Hands(pygame, "0", "1", "r", "2", "3", "r", "1"))
    episodes = play(env, device=window, seed=1, settings=Settings(pace="turns"))
    assert [[moment.action for moment in episode.moments] for episode in episodes] == [[0, 1], [2, 3], [1]]
    env.close()
    assert not pygame.display.get_init()


@pytest.mark.parametrize("kind", ["gif", "mp4"])
def test_a_film_needs_no_moviepy(kind, tmp_path, monkeypatch):
    if kind == "mp4":
        pytest.importorskip("cv2")
    monkeypatch.setitem(sys.modules, "moviepy", None)  # importing it fails
    film = tmp_path / f"film.{kind}"
    steps_of("0", "1", "2", settings=Settings(pace="turns"), record=[film])
    assert film.stat().st_size > 100


def test_a_film_is_made_without_a_window(tmp_path):
    code = (
        "import sys, gymnasium as gym, rlenvs; from rlenvs_play.watching import watch\n"
        "env = gym.make('rlenvs/GridWorld-v0', render_mode='rgb_array')\n"
        "watch(env, 'random', record=[sys.argv[1]]); print('pygame' in sys.modules)"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "film.gif")]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout.split() == ["False"]
    assert (tmp_path / "film.gif").is_file()


def test_pictures_and_observations_are_kept_only_for_a_recording():
    (episode,) = play(Counter(), device=Script("0", "1"), seed=1, settings=Settings(pace="turns"))
    assert episode.first_picture is None
    assert {(moment.picture, moment.observation) for moment in episode.moments} == {(None, None)}
