"""Lexers and notations that several technologies share, with exact positions."""
