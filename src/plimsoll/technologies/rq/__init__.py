"""RQ: background jobs of Python, over Redis."""
