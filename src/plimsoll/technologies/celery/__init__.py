"""Celery: background tasks of Python, and the client of its broker."""
