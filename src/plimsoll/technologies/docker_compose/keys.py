"""Which keys a service may have. Compose refuses a file with any other, `x-` keys excepted.

Source: Compose specification, services, deploy, build (2026); keys of the old file formats 2 and 3.
"""

from __future__ import annotations

from functools import lru_cache

from plimsoll.syntax.suggest import closest


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SERVICE = _names("""
    annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs
    container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime
    cpu_shares cpus cpuset credential_spec depends_on deploy develop device_cgroup_rules devices
    dns dns_opt dns_search domainname driver_opts entrypoint env_file environment expose extends
    external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation
    label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness
    memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit
    platform ports post_start pre_stop privileged profiles provider pull_policy
    pull_refresh_after read_only restart runtime scale secrets security_opt shm_size stdin_open
    stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user
    userns_mode uts volume_driver volumes volumes_from working_dir log_driver log_opt net
""")
_UPDATE = _names("parallelism delay failure_action monitor max_failure_ratio order")

# By the dotted name of the mapping; what is not listed takes any key.
KEYS = {
    "": _SERVICE,
    "deploy": _names("""
        endpoint_mode labels mode placement replicas resources restart_policy rollback_config
        update_config
    """),
    "deploy.resources": _names("limits reservations"),
    "deploy.resources.limits": _names("cpus memory pids"),
    "deploy.resources.reservations": _names("cpus memory pids generic_resources devices"),
    "deploy.restart_policy": _names("condition delay max_attempts window"),
    "deploy.update_config": _UPDATE,
    "deploy.rollback_config": _UPDATE,
    "healthcheck": _names("disable interval retries start_interval start_period test timeout"),
    "logging": _names("driver options"),
}

# What people write for what is meant.
_MEANT = {
    "memory": "mem_limit or deploy.resources.limits.memory",
    "mem": "mem_limit",
    "cpu": "cpus",
    "env": "environment",
    "replicas": "deploy.replicas or scale",
    "resources": "deploy.resources",
    "limits": "deploy.resources.limits",
    "restart_policy": "restart, or deploy.restart_policy",
}


@lru_cache(maxsize=256)
def meant_by(name: str, above: str) -> str:
    """What somebody may have meant by a key that is unknown there; empty: no idea."""
    if not above and name in _MEANT:
        return _MEANT[name]
    return closest(name, sorted(KEYS[above]))
