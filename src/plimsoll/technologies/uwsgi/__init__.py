"""uWSGI: application workers, its own routers, and a configuration with variables and conditions."""
