"""make_atari: an Atari game as agents learn it from pixels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, get_args

import gymnasium as gym

from rlenvs.wrappers.atari_games import Start, game_start
from rlenvs.wrappers.auto_fire import AutoFire
from rlenvs.wrappers.clip_reward import ClipReward
from rlenvs.wrappers.end_on_life_loss import EndOnLifeLoss
from rlenvs.wrappers.frame_stack import FrameStack
from rlenvs.wrappers.preprocess_screen import PreprocessScreen
from rlenvs.wrappers.skip_start import SkipStart

StartRule = Start | Literal["auto"]


def make_atari(
    id: str,  # noqa: A002  # the name that gym.make uses
    *,
    start: StartRule | int | Sequence[int] = "auto",
    sticky: float | None = None,
    frame_skip: int = 4,
    size: int = 84,
    stack: int = 4,
    life_loss_ends: bool = False,
    clip_reward: bool = False,
    **kwargs: Any,
) -> gym.Env[Any, Any]:
    """Make an Atari game with the whole chain of wrappers, innermost first.

    1. The game, one frame at a time, grey.
    2. :class:`PreprocessScreen`: each action for ``frame_skip`` frames, the brighter of the last two, ``size`` square.
    3. :class:`EndOnLifeLoss`, if ``life_loss_ends``: below the next, so that its moves belong to the life they begin.
    4. :class:`AutoFire` or :class:`SkipStart`, as ``start`` says.
    5. :class:`ClipReward` to [-1, 1], if ``clip_reward``; the raw reward stays in ``info["raw_reward"]``.
    6. :class:`FrameStack`: the ``stack`` newest pictures, first axis; none of those passed over while firing or
       skipping.

    Sticky actions (Machado et al., 2018, section 5): in ``-v5`` games the previous action is repeated in each *frame*
    with probability 0.25, so four frames in a row hold the new action from the first one on with probability 0.75. In
    ``NoFrameskip-v4`` games it is 0. The two are different tasks with different scores. FIRE is held for one step, with
    sticky actions for two: one step is swallowed in every 256th life, and the picture then stands still.

    Frames: one step is ``frame_skip`` frames, and 60 frames are a second. The game truncates itself after 108 000
    frames (27 000 steps), those played while firing or skipping included; ``max_num_frames_per_episode`` changes it.
    ``info["episode_frame_number"]`` counts them.

    Shapes: observations (stack, size, size) uint8. The environment's ``spec`` survives JSON and rebuilds all of it.

    Args:
        id: "Breakout", or an id such as "ALE/Breakout-v5" or "BreakoutNoFrameskip-v4".
        start: "auto" looks the game up in :data:`rlenvs.wrappers.atari_games.GAMES`; "fire", "skip" (40 steps where the
            table has no number) or "none" decide it; a number or ``[lowest, highest]`` is how many steps to skip.
        sticky: probability of a repeated action; None: that of the id.
        frame_skip: frames per step.
        size: side of the picture.
        stack: how many pictures are shown at once.
        life_loss_ends: whether a lost life ends the episode (for training; the game goes on at the next reset).
        clip_reward: whether rewards are cut off at -1 and 1 (for training).
        **kwargs: given to ``gym.make``, such as ``render_mode``, ``mode`` or ``difficulty``.

    Raises:
        gymnasium.error.DependencyNotInstalled: if ale-py or OpenCV is missing.
        gymnasium.error.NameNotFound: if there is no such game.
        ValueError: if an argument is out of range, or is decided by another one.

    Example:
        >>> env = make_atari("Breakout")  # doctest: +SKIP
        >>> env.observation_space.shape  # doctest: +SKIP
        (4, 84, 84)
    """
    env_id, game = _names(id)
    env = _game(env_id, sticky, kwargs)
    env = PreprocessScreen(env, skip=frame_skip, size=size)
    if life_loss_ends:
        env = EndOnLifeLoss(env)
    env = _with_start(env, game, start)
    if clip_reward:
        env = ClipReward(env)
    return FrameStack(env, size=stack)


def _names(name: str) -> tuple[str, str]:
    """The id and the bare name of the game."""
    bare = name.rpartition("/")[2].partition("-")[0]
    game = re.sub(r"(NoFrameskip|Deterministic)$", "", bare)
    plain = "/" not in name and "-" not in name
    return (f"ALE/{name.replace(' ', '')}-v5", game.replace(" ", "")) if plain else (name, game)


def _game(env_id: str, sticky: float | None, kwargs: dict[str, Any]) -> gym.Env[Any, Any]:
    for name, remedy in _DECIDED.items():
        if name in kwargs:
            raise ValueError(f"`{name}` cannot be given: {remedy}.")
    if sticky is not None:
        if not 0 <= sticky <= 1:
            raise ValueError(f"`sticky` must be a probability, got {sticky!r}.")
        kwargs = {**kwargs, "repeat_action_probability": sticky}
    try:
        import ale_py
    except ImportError as error:
        raise gym.error.DependencyNotInstalled('make_atari needs the games: pip install "rlenvs[atari]".') from error
    gym.register_envs(ale_py)
    return gym.make(env_id, frameskip=1, obs_type="grayscale", **kwargs)


_DECIDED = {
    "frameskip": "PreprocessScreen skips frames, use `frame_skip`",
    "obs_type": "the chain begins with grey pictures",
    "repeat_action_probability": "use `sticky`",
    "max_episode_steps": "it would count frames; use `max_num_frames_per_episode`, `frame_skip` times the steps",
}


def _stickiness(env: gym.Env[Any, Any]) -> float:
    return 0.0 if env.spec is None else float(env.spec.kwargs.get("repeat_action_probability", 0.0))


def _with_start(env: gym.Env[Any, Any], game: str, start: StartRule | int | Sequence[int]) -> gym.Env[Any, Any]:
    if not isinstance(start, str):
        return SkipStart(env, steps=start)
    if start not in (*get_args(Start), "auto"):
        raise ValueError(f'`start` must be "auto", "fire", "skip", "none" or a number of steps, got {start!r}.')
    entry = game_start(game)
    rule = entry.start if start == "auto" else start
    if rule == "fire":
        return AutoFire(env, presses=1 if _stickiness(env) == 0 else 2)
    if rule == "skip":
        return SkipStart(env, steps=entry.steps) if entry.steps else SkipStart(env)
    return env
