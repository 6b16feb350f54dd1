"""Services of Docker Compose files: containers and their limits."""
