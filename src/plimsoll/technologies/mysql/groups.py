"""Groups of an option file: which ones a server reads, and whose the others are.

Source: `mariadbd --help --verbose` of 10.11, MySQL manual, Using Option Files.
"""

from __future__ import annotations

import re

from plimsoll.model.place import Place
from plimsoll.model.setting import Block
from plimsoll.model.version import Version
from plimsoll.technologies.mysql.names import KNOWN
from plimsoll.technologies.mysql.options import OF_CHECKERS, OF_CLIENTS

GROUP, PROGRAM = "group", "program"  # kinds of blocks

_BOTH = frozenset({"mysqld", "server"})
_MARIADB = frozenset({"mariadb", "mariadbd", "client-server", "galera"})
_VERSIONED = re.compile(r"(mysqld|mariadb|mariadbd)-([0-9]+\.[0-9]+)")

_OF_SAFE_TEXT = """
    basedir core_file_size crash_script datadir dry_run exec_path flush_caches ledir log_error
    malloc_lib mysqld mysqld_version nice no_auto_restart no_defaults no_watch numa_interleave
    open_files_limit pid_file plugin_dir port skip_kill_mysqld skip_log_error skip_syslog socket
    syslog syslog_tag timezone tmpdir user
"""
_OF_SAFE = frozenset(_OF_SAFE_TEXT.split())
# The programs that read a group, by the names that they take.
_PROGRAMS = {
    **dict.fromkeys(
        ("client", "client-mariadb", "mysql", "mariadb-client", "mysqldump", "mariadb-dump",
         "mysqladmin", "mariadb-admin", "mysqlcheck", "mariadb-check", "mysqlimport",
         "mariadb-import", "mysqlshow", "mariadb-show", "mysqlslap", "mariadb-slap", "mysqlbinlog",
         "mariadb-binlog", "mysql_upgrade"),
        OF_CLIENTS | {"default_character_set", "safe_updates"},
    ),
    **dict.fromkeys(("myisamchk", "isamchk", "aria_chk"), OF_CHECKERS),
    **dict.fromkeys(("innodb", "myisam", "aria", "tokudb", "rocksdb"), frozenset()),  # nobody's
    **dict.fromkeys(("mysqld_safe", "safe_mysqld", "mariadbd-safe", "mariadb_safe"), _OF_SAFE),
}  # fmt: skip
# Servers' names as people write them into groups of other programs; no plugin is among them.
_ENGINES = ("innodb_", "tokudb_", "rocksdb_", "aria_")


def block(name: str, place: Place) -> Block:
    """The block of a group: of the server, or of another program."""
    own = name.lower()
    is_servers = own in _BOTH | _MARIADB or _VERSIONED.fullmatch(own)
    return Block(GROUP if is_servers else PROGRAM, own, place)


def is_misplaced(name: str, group: str) -> bool:
    """Whether a setting of the server stands in the group of a program that does not know it."""
    taken = _PROGRAMS.get(group)
    is_servers = name in KNOWN or name.startswith(_ENGINES)
    return taken is not None and is_servers and name not in taken


def not_read(group: str, version: Version | None) -> str | None:
    """Why a server of *version* does not read one of the servers' groups.

    Empty where it does, None where the version would have to be known.
    """
    found = _VERSIONED.fullmatch(group)
    if version is None:
        return None if found else ""
    is_mariadb = version.numbers[0] >= 10
    if not is_mariadb and (group in _MARIADB or (found and found[1] != "mysqld")):
        return f"only MariaDB reads [{group}]"
    if found is None:
        return ""
    if len(version.numbers) < 2:
        return None
    own = f"{version.numbers[0]}.{version.numbers[1]}"
    return "" if found[2] == own else f"only version {found[2]} reads [{group}]"
