"""Kamal: what a deploy.yml runs, on which images, with which commands."""
