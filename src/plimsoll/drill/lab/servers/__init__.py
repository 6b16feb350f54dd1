"""One file for each server that a lab can run."""
