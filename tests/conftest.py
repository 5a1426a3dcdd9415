"""Settings that must stand before anything is imported."""

import os

from hypothesis import HealthCheck, settings

# No window on any screen, and none of SDL's search for a driver, which can load a second LLVM beside TensorFlow's.
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "agg")

# The examples of a property follow from its text alone, so that a run fails by what was changed and not by chance; and
# no example is held to a time, which would hold the machine to it. New ones: `pytest --hypothesis-profile=default`.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
