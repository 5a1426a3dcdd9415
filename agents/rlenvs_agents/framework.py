"""TensorFlow, with the kernels of oneDNN wherever it runs.

By itself TensorFlow takes them only on processors made for networks (AVX512_VNNI, AMX). Elsewhere an update of a
convolutional network then takes 1.4 times as long, and rounds otherwise. What the user has chosen stays, and so does
what TensorFlow is if it was imported before.
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

import tensorflow as tf

__all__ = ["tf"]
