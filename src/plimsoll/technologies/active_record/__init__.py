"""Active Record: the pool of connections of Rails."""
