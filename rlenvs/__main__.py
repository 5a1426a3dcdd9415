"""``python -m rlenvs`` is the command line."""

from rlenvs.cli import main

main()
