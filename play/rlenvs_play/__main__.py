"""`python -m rlenvs_play ENV`: the same as `rlenvs play ENV`."""

import sys

from rlenvs.cli import run

if __name__ == "__main__":
    sys.exit(run(["play", *sys.argv[1:]]))
