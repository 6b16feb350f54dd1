"""HAProxy: its sections, its conditions, what is known of its settings."""
