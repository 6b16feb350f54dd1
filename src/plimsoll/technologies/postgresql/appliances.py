"""PostgreSQL's settings in the files of products that bring their own: GitLab's, Discourse's."""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.model.setting import Item, Setting, Unread

NAMES = ("gitlab.rb", "containers/app.yml")
_OF_DISCOURSE = {"db_shared_buffers": "shared_buffers", "db_work_mem": "work_mem"}
# Of GitLab's `postgresql[...]`, those that reach the server's file; the others are its own.
_OF_GITLAB = {
    name: name
    for name in (
        *("archive_mode", "autovacuum", "autovacuum_max_workers", "autovacuum_naptime"),
        *("checkpoint_completion_target", "checkpoint_timeout", "checkpoint_warning"),
        *("effective_cache_size", "effective_io_concurrency", "hot_standby"),
        *("idle_in_transaction_session_timeout", "log_lock_waits", "deadlock_timeout"),
        *("log_min_duration_statement", "maintenance_work_mem", "max_connections"),
        *("max_files_per_process", "max_locks_per_transaction", "max_parallel_workers"),
        *("max_parallel_workers_per_gather", "max_replication_slots", "max_standby_archive_delay"),
        *("max_standby_streaming_delay", "max_wal_senders", "max_wal_size", "max_worker_processes"),
        *("min_wal_size", "port", "random_page_cost", "shared_buffers", "shared_preload_libraries"),
        *("statement_timeout", "synchronous_commit", "tcp_keepalives_count"),
        *("tcp_keepalives_idle", "tcp_keepalives_interval", "track_io_timing"),
        *("wal_buffers", "wal_keep_size", "wal_level", "wal_log_hints", "work_mem"),
    )
} | {"listen_address": "listen_addresses"}


def is_appliance(path: str) -> bool:
    return path.endswith(NAMES)


def read_appliance(text: str, path: str) -> Iterator[Item]:
    """What a product hands on to its server, in file order."""
    return _of_discourse(text, path) if path.endswith(".yml") else _of_gitlab(text, path)


def _of_gitlab(text: str, path: str) -> Iterator[Item]:
    from plimsoll.syntax.ruby import Assigned, read_script  # few stacks have such a file
    from plimsoll.syntax.ruby.settings import Source

    source = Source(text)
    for each in read_script(text, path).statements:
        if isinstance(each, Unread):
            yield each
        elif isinstance(each, Assigned) and each.name == "postgresql":
            name = _OF_GITLAB.get(".".join(each.keys))
            if name:
                yield source.of_assignment(each, name)


def _of_discourse(text: str, path: str) -> Iterator[Item]:
    from plimsoll.syntax.yaml_leaves import leaves
    from plimsoll.syntax.yaml_nodes import documents

    for document in documents(text, path):
        if isinstance(document, Unread):
            yield document
            continue
        for leaf in leaves(document):
            name = _OF_DISCOURSE.get(str(leaf.keys[-1])) if leaf.keys[:1] == ("params",) else None
            if name:
                yield Setting(name, leaf.text, leaf.place)
