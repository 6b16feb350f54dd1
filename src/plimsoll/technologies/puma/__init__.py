"""Puma: Ruby web workers with threads."""
