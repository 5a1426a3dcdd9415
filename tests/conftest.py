"""Settings that must stand before anything is imported."""

import os

# No window on any screen, and none of SDL's search for a driver, which can load a second LLVM beside TensorFlow's.
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "agg")
