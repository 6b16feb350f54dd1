DATABASES = {
    'default': {
        'ENGINE': 'dj_db_conn_pool.backends.mysql',
        'NAME': env_config.mysql_commodity_dbname,
        'USER': env_config.mysql_commodity_username,
        'PASSWORD': env_config.mysql_commodity_password,
        'HOST': env_config.mysql_commodity_host,
        'PORT': env_config.mysql_commodity_port,
        'POOL_OPTIONS': {
            'POOL_SIZE': 10,
            'MAX_OVERFLOW': 5,
            'RECYCLE': 2 * 60 * 60,
            'TIMEOUT': 60,
        },
    }
}
