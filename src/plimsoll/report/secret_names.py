"""Which names are those of secrets: DB_PASSWORD and requirepass, not password_encryption."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from plimsoll.syntax.suggest import closest

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")

# A name with one of these words, or one that ends in it without a gap, is a secret's.
_CORE = ("password", "passwd", "passphrase", "passcode", "secret", "token", "apikey", "privatekey")
_WORDS = frozenset(
    {
        *_CORE,
        "passwords",
        "requirepass",
        "masterauth",
        "masterpass",
        "authpass",
        "userpass",
        "dbpass",
        "keypass",
    }
    | {"storepass", "credential", "credentials", "dsn", "authkey", "secretkey", "accesskey"}
    | {"accountkey", "sharedaccesskey", "signingkey", "encryptionkey", "masterkey", "sharedkey"}
)

# Words that make a secret of the one that follows: an API key, an Erlang cookie.
_KEYS = frozenset(
    {"api", "private", "secret", "access", "signing", "sign", "encryption", "encrypt", "master"}
    | {"account", "auth", "license", "deploy", "ssh", "shared", "crypt", "app", "jwt", "hmac"}
)
_PAIRS = frozenset(
    {(word, key) for word in _KEYS for key in ("key", "keys")}
    | {("erlang", "cookie"), ("account", "sas")}
)

# The one id that is handed out like a secret: AWS_ACCESS_KEY_ID.
_KEY_ID = ["access", "key", "id"]

# What follows a secret's word where the value tells about the secret and is none itself.
_HARMLESS = frozenset(
    {"file", "path", "dir", "directory", "encryption", "length", "lifetime", "ttl", "timeout"}
    | {"size", "header", "name", "names", "policy", "expiry", "expiration", "expires", "type"}
    | {
        "algorithm",
        "age",
        "count",
        "limit",
        "limits",
        "method",
        "url",
        "uri",
        "endpoint",
    }
    | {"format", "enabled", "required", "authentication", "interval", "delay", "validity", "min"}
    | {"max", "seconds", "minutes", "days", "bucket", "rotation", "ref", "id", "prompt", "query"}
    | {"rate", "burst", "provider", "backend", "class", "mode", "version", "port", "host"}
)

# proxy_pass hands a request on; db_pass is a password.
_HANDS_ON = frozenset({"proxy", "fastcgi", "uwsgi", "scgi", "grpc", "memcached", "js", "by", "low"})

# In an environment these endings are enough: APP_KEY, SMTP_PASS, REDIS_AUTH.
_VARIABLE = re.compile(r"(?:[A-Z0-9_]*_)?(?:KEY|PASS|PW|PWD|AUTH|SALT|PAT|CREDS)")
_NOT_VARIABLES = frozenset({"PWD", "PW", "KEY", "PASS", "AUTH", "SALT", "PAT"})

# server_tokens, the secrets of a Compose file, Requires= of a unit: words of their own.
_NOT_MISSPELT = frozenset({"tokens", "secrets", "requires"})


@lru_cache(maxsize=8192)
def is_secret_name(name: str) -> bool:
    """Whether the value of a setting or variable called *name* is to be hidden."""
    if _VARIABLE.fullmatch(name):
        return name not in _NOT_VARIABLES
    words = [word.lower() for word in _WORD.findall(name)]
    if words[-1:] == ["jwt"] or words[-3:] == _KEY_ID:
        return True
    if not words or (len(words) > 1 and words[-1] in _HARMLESS):
        return False
    if any(word in _WORDS or word.endswith(_CORE) for word in words):
        return True
    return any(pair in _PAIRS or _is_password(*pair) for pair in pairwise(words))


def _is_password(before: str, word: str) -> bool:
    return word in ("pass", "pwd") and before not in _HANDS_ON


@lru_cache(maxsize=1024)
def resembles_secret_name(name: str) -> bool:
    """Whether *name* may be a misspelt name of a secret: `requirepas`."""
    if is_secret_name(name):
        return True
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or words[-1] in _HARMLESS:
        return False
    return any(len(word) > 4 and _is_misspelt(word) for word in words if word not in _NOT_MISSPELT)


def _is_misspelt(word: str) -> bool:
    near = [each for each in _WORDS if abs(len(each) - len(word)) < 3 and _is_begun(each, word)]
    return bool(near and closest(word, near, 0.84))


def _is_begun(word: str, other: str) -> bool:
    return word[0] == other[0] or word[-2:] == other[-2:]
