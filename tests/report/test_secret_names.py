from __future__ import annotations

import pytest

from plimsoll.report.secret_names import is_secret_name, resembles_secret_name

SECRETS = [
    "password", "requirepass", "masterauth", "DB_PASSWORD", "POSTGRES_PASSWORD", "db-passwd",
    "SECRET_KEY", "SECRET_KEY_BASE", "api_key", "apiKey", "API-Key", "X-Api-Key", "private_key",
    "STRIPE_KEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "auth_token", "SENTRY_DSN", "client_secret",
    "auth-pass", "auth_pass", "SMTP_PASS", "PROXY_PASS", "dbPwd", "ssl_passphrase", "sslpassword",
    "REDIS_AUTH", "hash.salt.secret", "spring.datasource.password", "ConnectionSecret", "TOKEN2",
    "accountKey", "RABBITMQ_ERLANG_COOKIE", "PASSWORD_1", "credentials", "environment.DB_PASSWORD",
    "JWT", "SERVICE_JWT", "JWT_2", "jwt", "AWS_ACCESS_KEY_ID", "accessKeyId", "AWSAccessKeyId", "S3_ACCESS_KEY_ID",
    "DB_PW", "GITHUB_PAT", "GCP_CREDS", "DB_PASSWORDS", "API_KEYS",
]  # fmt: skip

PUBLIC = [
    "max_connections", "password_encryption", "POSTGRES_PASSWORD_FILE", "ssl_password_file",
    "proxy_pass", "fastcgi_pass", "uwsgi_pass", "proxy_cache_bypass", "proxy_cache_key", "server_tokens",
    "max_tokens", "key_buffer_size", "keepalive_timeout", "ssl_certificate_key", "PWD", "keys_zone",
    "token_lifetime", "passwordauthentication_timeout", "secretName", "author", "KEY_ID", "REQUEST_ID",
    "JWT_ALGORITHM", "JWT_ISSUER", "GROUP_PATH", "pat", "PAT", "HTTP_PW_LENGTH", "monkeys",
    "authentication_timeout", "hash_key", "primary_key", "compass", "tokenizer_rate", "TOKEN_URL", "",
]  # fmt: skip


@pytest.mark.parametrize("name", SECRETS)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", PUBLIC)
def test_names_that_only_look_like_it(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize("name", ["requirepas", "requiepass", "pasword", "materauth", "secrett"])
def test_misspelt_names(name: str) -> None:
    assert not is_secret_name(name)
    assert resembles_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "maxclients",
        "server_tokens",
        "secrets",
        "Requires",
        "password_encryption",
        "work_mem",
        "workers",
        "keepalive",
        "timeout",
    ],
)
def test_other_names_do_not_resemble_secrets(name: str) -> None:
    assert not resembles_secret_name(name)
