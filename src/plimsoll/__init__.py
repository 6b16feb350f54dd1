"""Plimsoll reads the configuration of a running stack and says what does not fit."""

__version__ = "0.1.0"
