"""The command line. Commands are found through the entry-point group ``rlenvs.commands`` and loaded when they run."""

from rlenvs.cli.app import main, run

__all__ = ["main", "run"]
