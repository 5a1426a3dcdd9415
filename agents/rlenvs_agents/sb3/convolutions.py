"""Convolutions of one's own in SB3's networks: those of its ``CnnPolicy`` ask for images of 36 pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium as gym
import torch
from stable_baselines3.common.preprocessing import is_image_space, is_image_space_channels_first
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import nn

from rlenvs_agents.networks.convolutional import check_fit


def policy_kwargs(space: gym.Space[Any], rows: Sequence[Sequence[int]]) -> Mapping[str, Any]:
    """What a policy of SB3 is to be given.

    Args:
        space: of observations.
        rows: filters, size and stride of each convolution.

    Raises:
        ValueError: if SB3 does not take the observations for images: it would neither scale nor transpose them; if a
            convolution is larger than what comes into it.
    """
    if not isinstance(space, gym.spaces.Box) or not is_image_space(space):
        raise ValueError(
            f"`convolutions` need images of bytes with 1, 3 or 4 channels, (C, H, W) or (H, W, C), got {space}."
        )
    height, width = space.shape[1:] if is_image_space_channels_first(space) else space.shape[:2]
    check_fit(rows, height, width)
    return {"features_extractor_class": Convolutions, "features_extractor_kwargs": {"rows": rows}}


class Convolutions(BaseFeaturesExtractor):
    """Convolutions without padding, each with a rectifier, laid flat; what ``ConvolutionalNetwork`` begins with.

    Args:
        observation_space: images (C, H, W), as SB3 transposes them.
        rows: filters, size and stride of each.
    """

    def __init__(self, observation_space: gym.Space[Any], rows: Sequence[Sequence[int]]) -> None:
        channels = (observation_space.shape or (1,))[0]
        layers: list[nn.Module] = []
        for filters, size, stride in rows:
            layers += [nn.Conv2d(channels, filters, size, stride), nn.ReLU()]
            channels = filters
        body = nn.Sequential(*layers, nn.Flatten())
        with torch.no_grad():
            width = body(torch.zeros(1, *(observation_space.shape or ()))).shape[1]
        super().__init__(observation_space, width)
        self.body = body

    def forward(self, observations: torch.Tensor) -> torch.Tensor:
        """Features (n, width) of images (n, C, H, W) in [0, 1]."""
        features: torch.Tensor = self.body(observations)
        return features
