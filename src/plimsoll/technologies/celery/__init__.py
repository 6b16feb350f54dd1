"""Celery, as a client of its broker."""
