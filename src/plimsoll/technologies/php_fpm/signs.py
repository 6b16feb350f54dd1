"""What PHP-FPM is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "php-fpm.conf",
        "php-fpm*.conf",
        "php-fpm.d/*.conf",
        "fpm/pool.d/*.conf",
        "pool.d/*.conf",
        "www.conf",
        "zz-docker.conf",
    ),
    # Others have a www.conf too.
    holds=r"^[ \t]*(?:\[[^\]\n]+\]|include[ \t]*=|pm[.\w]*[ \t]*=|php_\w+\[)",
    programs=(
        "php-fpm",
        "php5-fpm",
        "php-fpm7.4",
        "php-fpm8.0",
        "php-fpm8.1",
        "php-fpm8.2",
        "php-fpm8.3",
        "php-fpm8.4",
        "php-fpm8.5",
    ),
    images=("php-fpm", "php:*fpm*"),
)
