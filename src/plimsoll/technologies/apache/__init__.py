"""Apache httpd: its directives and sections, its modules, what is known of its settings."""
