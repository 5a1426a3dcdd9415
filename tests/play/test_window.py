"""The window without a screen, and what it paints."""

import gymnasium as gym
import numpy as np
import pytest
from scripted import Counter

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_play import Settings, play, screen
from rlenvs_play.pacer import Pacer
from rlenvs_play.painter import Painter, resized
from rlenvs_play.panel import PANEL_WIDTH
from rlenvs_play.signals import Closed, FocusLost, Pressed, Released
from rlenvs_play.view import ActionLine, Card, View
from rlenvs_play.window import PlayWindow

PICTURE = np.arange(20 * 30 * 3, dtype=np.uint8).reshape(20, 30, 3)


def a_view(**changes):
    parts = {
        "title": "Game-v0",
        "picture": (1, "state"),
        "numbers": (("score", "1"), ("steps", "2"), ("best", "3"), ("seed", "4"), ("episode", "5")),
        "status": "you play",
        "actions": (ActionLine(("left", "a"), "left", "1.5", best=True, last=True), ActionLine(("up+space",), "jump")),
        "commands": (("h", "all keys"), ("escape", "quit")),
    }
    return View(**{**parts, **changes})


@pytest.fixture
def pygame(monkeypatch):
    pygame = pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    yield pygame
    pygame.display.quit()


@pytest.fixture
def window(pygame):
    window = PlayWindow("test", Painter(), Pacer(1000))
    window.show(a_view(), lambda: PICTURE)
    window.events()
    yield window
    window.close()


def test_the_picture_is_in_the_window_as_it_was_rendered(window, pygame):
    layout = window._painter.layout(a_view(), PICTURE)
    shown = pygame.surfarray.array3d(pygame.display.get_surface()).swapaxes(0, 1)
    inside = shown[layout.top : layout.top + layout.height, : layout.width]
    factor = int(layout.scale)
    assert np.array_equal(inside, PICTURE.repeat(factor, axis=0).repeat(factor, axis=1))
    assert shown.shape[1] == layout.width + PANEL_WIDTH


def test_keys_come_by_name_and_unknown_ones_not_at_all(window, pygame):
    for kind in (pygame.KEYDOWN, pygame.KEYUP):
        for key in (pygame.K_LEFT, pygame.K_RETURN, pygame.K_LSHIFT, pygame.K_KP4, pygame.K_CAPSLOCK, pygame.K_a):
            pygame.event.post(pygame.event.Event(kind, key=key))
    names = ["left", "enter", "shift", "4", "a"]
    assert window.events() == [Pressed(name) for name in names] + [Released(name) for name in names]


def test_losing_focus_and_closing(window, pygame):
    for kind in (pygame.WINDOWFOCUSLOST, pygame.MOUSEMOTION, pygame.QUIT):
        pygame.event.post(pygame.event.Event(kind))
    assert window.events() == [FocusLost(), Closed()]


def test_an_equal_view_is_not_drawn_again(window):
    drawn = []
    window.show(a_view(), lambda: drawn.append(1))
    assert drawn == []
    window.show(a_view(status="agent plays"), lambda: drawn.append(1) or PICTURE)
    assert drawn == [1]


def test_a_larger_window_shows_it_larger(window, pygame):
    pygame.display.set_mode((1500, 1400), pygame.RESIZABLE)
    window._flip()
    shown = pygame.surfarray.array3d(pygame.display.get_surface())
    assert shown.shape[:2] == (1500, 1400)
    assert shown[:, 0].max() == 0  # black above, as it is wider than high


def test_an_environment_that_shuts_the_display_down_has_the_window_opened_again(window, pygame):
    pygame.display.quit()
    window.show(a_view(note="again"), lambda: PICTURE)
    assert pygame.display.get_surface() is not None
    assert pygame.mixer.get_init() is None


def test_screenshots_are_what_is_shown(window, pygame, tmp_path):
    from PIL import Image

    path = window.screenshot(tmp_path / "shot.png")
    shown = pygame.surfarray.array3d(pygame.display.get_surface()).swapaxes(0, 1)
    assert np.array_equal(np.asarray(Image.open(path)), shown)


def test_grey_pictures_are_shown_too(window):
    window.show(a_view(note="grey"), lambda: PICTURE[:, :, 0])
    with pytest.raises(ValueError, match="must give a picture"):
        window.show(a_view(note="wrong"), lambda: np.zeros(3))


@pytest.mark.parametrize(
    "view",
    [
        a_view(actions=tuple(ActionLine((f"k{n}",), f"action {n}") for n in range(40))),
        a_view(title="x" * 200, note="word " * 40, status="s" * 300),
        a_view(card=Card("The end", ("line",) * 3)),
        a_view(card=Card("Keys", table=(("a or b", "meaning"),) * 60)),
        a_view(actions=(), commands=(), numbers=()),
    ],
)
@pytest.mark.parametrize("shape", [(1, 1, 3), (20, 30, 3), (1200, 1600, 3), (30, 2000, 3)])
def test_anything_fits_on_a_canvas(view, shape):
    picture = np.full(shape, 90, np.uint8)
    canvas = Painter().paint(view, picture)
    assert canvas.dtype == np.uint8
    assert canvas.shape[2] == 3
    assert canvas.shape[0] <= 2000


@pytest.mark.parametrize(("row", "dark"), [(560, "above"), (40, "below")])
def test_a_card_hides_not_what_the_last_step_changed(row, dark):
    painter, before = Painter(), np.full((600, 400, 3), 200, np.uint8)
    after = before.copy()
    after[row - 20 : row + 20, 100:140] = (10, 20, 250)
    painter.paint(a_view(picture=(1, "state")), before)
    for card in (Card("The end", ("line",)), Card("Again")):  # drawn again, it stays where it is
        canvas = painter.paint(a_view(picture=(2, "state"), card=card), after)
        assert (canvas[row, 120] == (10, 20, 250)).all()
    ink = np.flatnonzero((canvas[:600, 5] < 100).all(axis=1))
    assert (ink.mean() < 300) == (dark == "above")


def test_the_canvas_keeps_its_size_when_the_picture_changes():
    painter = Painter()
    first = painter.paint(a_view(), PICTURE)
    other = painter.paint(a_view(), np.zeros((84, 84, 3), np.uint8))
    assert first.shape == other.shape


@pytest.mark.parametrize("size", [(40, 60), (41, 60), (10, 15), (100, 100)])
def test_pictures_keep_their_shape(size):
    assert resized(PICTURE, *size).shape == (*size, 3)


def test_a_whole_game_in_the_window(pygame):
    env = gym.make("rlenvs/Snake-v0", render_mode="rgb_array")
    episodes = play(env, agent="cycle", seed=0, settings=Settings(episodes=1, fps=1000), device=None)
    assert len(episodes) == 1
    assert pygame.mixer.get_init() is None
    assert not pygame.display.get_init()


def test_steady_beat():
    now, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds + 0.001  # a little late every time

    pacer = Pacer(50, clock=lambda: now[0], sleep=sleep)
    for _ in range(100):
        pacer.wait()
        now[0] += 0.005  # work
    # Being late does not add up: 100 ticks of 20 ms, and one that was late at the end.
    assert now[0] == pytest.approx(100 * 0.02 + 0.001 + 0.005)
    now[0] += 10.0
    assert pacer.wait() > 10.0
    assert pacer.wait() == pytest.approx(0.02, abs=0.0021)


@pytest.mark.parametrize(("found", "error"), [(["pygame", "pygame-ce"], ImportError), (["pygame-ce"], None)])
def test_two_pygames_are_explained(found, error, monkeypatch):
    def version(name):
        if name not in found:
            raise screen.PackageNotFoundError(name)
        return "2.5"

    monkeypatch.setattr(screen, "version", version)
    if error is None:
        screen.check_pygame()
        return
    with pytest.raises(error, match="pip uninstall -y pygame pygame-ce && pip install pygame-ce"):
        screen.check_pygame()


@pytest.mark.parametrize(
    ("settings", "can"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "w"}, True),
        ({"SDL_VIDEODRIVER": "dummy"}, True),
    ],
)
def test_whether_a_window_can_be_opened(settings, can, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert screen.can_open_window() is can


def test_an_environment_may_be_closed_and_its_frames_change_size(pygame):
    class Growing(Counter):
        def render(self):
            return np.zeros((20 + 5 * len(self.actions), 30, 3), np.uint8)

    assert play(Growing(), agent="random", settings=Settings(episodes=1, fps=500))[0].steps == 5
