"""What PHP is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "php.ini",
        "php-cli.ini",
        "php-fpm-fcgi.ini",
        "php-apache2handler.ini",
        "php.ini-production",
        "php.ini-development",
        ".user.ini",
        "php/conf.d/*.ini",
        "php/**/conf.d/*.ini",
        "php.d/*.ini",
        "mods-available/*.ini",
        "php-*.ini",
        "php_*.ini",
        "*php.ini",
    ),
    programs=("php", "php5", "php7.4", "php8.0", "php8.1", "php8.2", "php8.3", "php8.4", "php8.5"),
    images=("php",),
    accompanies=("apache",),
    underlies=("php-fpm",),
    variables=("PHP_INI_SCAN_DIR", "PHPRC"),
)
