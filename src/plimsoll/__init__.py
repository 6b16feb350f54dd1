"""Plimsoll reads the configuration of a running stack and says what does not fit."""

from importlib.metadata import version

__version__ = version("plimsoll")
