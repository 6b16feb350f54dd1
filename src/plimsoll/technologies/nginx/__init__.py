"""nginx: its syntax, its directives, what is known of its settings."""
