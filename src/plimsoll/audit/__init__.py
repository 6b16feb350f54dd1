"""Running servers: what runs, with which values, and whether that is what was written."""
