"""SQLAlchemy: the pool of connections of each engine."""
