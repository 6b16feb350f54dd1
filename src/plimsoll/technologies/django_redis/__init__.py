"""Django's caches on Redis: its own backend and django-redis, both over redis-py."""
