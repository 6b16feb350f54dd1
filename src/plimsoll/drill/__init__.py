"""Replays incidents on real servers."""
