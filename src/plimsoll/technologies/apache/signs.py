"""What Apache httpd is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "httpd.conf",
        "apache2.conf",
        "apache.conf",
        "httpd-*.conf",
        "mpm_*.conf",
        "**/mods-enabled/*.load",
        "**/mods-enabled/*.conf",
        "**/apache2/conf-enabled/*.conf",
        "**/apache2/sites-enabled/*",
        "**/apache2/conf.d/*",
        "**/apache2/*.conf",
        "**/apache2/envvars",
        "**/httpd/conf/*.conf",
        "**/httpd/conf.d/*.conf",
        "**/httpd/conf.modules.d/*.conf",
        "**/apache/*.conf",
        ".htaccess",
    ),
    programs=(
        "apache2",
        "httpd",
        "apache2ctl",
        "apachectl",
        "apache2-foreground",
        "httpd-foreground",
        "httpd.worker",
        "httpd.event",
    ),
    images=("httpd", "apache"),
)
