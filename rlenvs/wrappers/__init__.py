"""Wrappers for any Gymnasium environment. They know only Gymnasium's interface; nothing heavy is imported here."""

from rlenvs.wrappers.angle_penalty import AnglePenalty
from rlenvs.wrappers.atari import make_atari
from rlenvs.wrappers.auto_fire import AutoFire
from rlenvs.wrappers.clip_reward import ClipReward
from rlenvs.wrappers.discretize_observation import DiscretizeObservation
from rlenvs.wrappers.early_failure_penalty import EarlyFailurePenalty
from rlenvs.wrappers.end_on_life_loss import EndOnLifeLoss
from rlenvs.wrappers.frame_stack import FrameStack
from rlenvs.wrappers.picture import ShowStack, stack_picture
from rlenvs.wrappers.preprocess_screen import PreprocessScreen
from rlenvs.wrappers.quantiles import quantile_edges
from rlenvs.wrappers.shape_reward import ShapeReward
from rlenvs.wrappers.shaping_proof import CounterExample, ShapingReport, verify_shaping
from rlenvs.wrappers.skip_start import SkipStart
from rlenvs.wrappers.stacked_frames import LeanStack, StackedFrames

__all__ = [
    "AnglePenalty",
    "AutoFire",
    "ClipReward",
    "CounterExample",
    "DiscretizeObservation",
    "EarlyFailurePenalty",
    "EndOnLifeLoss",
    "FrameStack",
    "LeanStack",
    "PreprocessScreen",
    "ShapeReward",
    "ShapingReport",
    "ShowStack",
    "SkipStart",
    "StackedFrames",
    "make_atari",
    "quantile_edges",
    "stack_picture",
    "verify_shaping",
]
