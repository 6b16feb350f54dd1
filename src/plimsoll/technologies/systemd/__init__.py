"""Units of systemd and their drop-ins."""
