"""What MySQL and MariaDB are recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("my.cnf", "mariadb.cnf", "mysqld.cnf", "my.ini", "mysqld-auto.cnf", "*.cnf"),
    holds=r"^[ \t\ufeff]*(?:\[(?:mysqld|mariadb|server|client-server)|!include)|\"mysql_(?:server|static|dynamic)",
    programs=("mysqld", "mariadbd", "mysqld_safe", "mariadbd-safe"),
    images=("mysql", "mysql-server", "mariadb", "percona", "percona-server"),
    aliases=("mariadb", "percona"),
)
