"""Start scripts: what a shell script starts, and with which environment."""
