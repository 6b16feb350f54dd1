"""Dockerfiles: what an image brings along for the service that runs it."""
