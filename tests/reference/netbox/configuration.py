DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "netbox",
        "USER": "netbox",
        "HOST": "localhost",
        "CONN_MAX_AGE": 300,
    }
}
