"""memcached: its command line, and the files that Debian and Red Hat make one of."""
