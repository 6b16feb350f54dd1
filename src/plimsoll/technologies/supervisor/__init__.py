"""supervisord: keeps programs running, each described in a section."""
