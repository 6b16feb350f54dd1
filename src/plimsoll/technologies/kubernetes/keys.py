"""Which fields there are where settings are read: kubectl refuses others.

Source: Kubernetes API 1.34 (core/v1 Container, PodSpec, Probe, ...; apps/v1; batch/v1); server-side
field validation is strict for kubectl since 1.27.
"""

from __future__ import annotations

from functools import lru_cache

from plimsoll.syntax.suggest import closest


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONTAINER = _names("""
    args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe
    resizePolicy resources restartPolicy restartPolicyRules securityContext startupProbe stdin
    stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts
    workingDir
""")
POD = _names("""
    activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy
    enableServiceLinks ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname
    hostnameOverride imagePullSecrets initContainers nodeName nodeSelector os overhead
    preemptionPolicy priority priorityClassName readinessGates resourceClaims resources restartPolicy
    runtimeClassName schedulerName schedulingGates schedulingGroup securityContext serviceAccount
    serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain
    terminationGracePeriodSeconds tolerations topologySpreadConstraints volumes
""")
_PROBE = _names("""
    exec failureThreshold grpc httpGet initialDelaySeconds periodSeconds successThreshold tcpSocket
    terminationGracePeriodSeconds timeoutSeconds
""")
_TEMPLATED = _names("minReadySeconds replicas revisionHistoryLimit selector template")
_JOB = _names("""
    activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions managedBy
    manualSelector maxFailedIndexes parallelism podFailurePolicy podReplacementPolicy selector
    successPolicy suspend template ttlSecondsAfterFinished
""")
# By the kind of workload, the fields of its spec.
WORKLOADS = {
    "Deployment": _TEMPLATED | _names("paused progressDeadlineSeconds strategy rollbackTo"),
    "ReplicaSet": _TEMPLATED,
    "ReplicationController": _TEMPLATED,
    "StatefulSet": _TEMPLATED
    | _names("""
        ordinals persistentVolumeClaimRetentionPolicy podManagementPolicy serviceName updateStrategy
        volumeClaimTemplates
    """),
    "DaemonSet": _names("minReadySeconds revisionHistoryLimit selector template updateStrategy"),
    "Job": _JOB,
    "CronJob": _names("""
        concurrencyPolicy failedJobsHistoryLimit jobTemplate schedule startingDeadlineSeconds
        successfulJobsHistoryLimit suspend timeZone
    """),
    "DeploymentConfig": _TEMPLATED | _names("paused strategy test triggers"),
    "Pod": POD,
}
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")

# By the dotted name of a mapping in a container, what it may have; what is not listed takes any.
INSIDE = {
    "resources": _names("claims limits requests"),
    "lifecycle": _names("postStart preStop stopSignal"),
    "lifecycle.preStop": _names("exec httpGet sleep tcpSocket"),
    **dict.fromkeys(PROBES, _PROBE),
    "strategy": _names("""
        activeDeadlineSeconds annotations customParams labels recreateParams resources rollingParams
        rollingUpdate type
    """),
    "strategy.rollingUpdate": _names("maxSurge maxUnavailable"),
}

# Fields whose value is a number: the API server refuses a text in its place.
WHOLE = _names("""
    replicas minReadySeconds progressDeadlineSeconds revisionHistoryLimit
    terminationGracePeriodSeconds activeDeadlineSeconds parallelism completions backoffLimit
    periodSeconds timeoutSeconds failureThreshold successThreshold initialDelaySeconds
    minReplicas maxReplicas lifecycle.preStop.sleep.seconds ttlSecondsAfterFinished
""")

_SAME_CASE = 0.75


def missing(name: str, here: frozenset[str], where: str) -> tuple[bool, str]:
    """Whether a field that *where* does not have belongs elsewhere, and what is wrong with it."""
    home = _home(name) if name not in here else ""
    if home and home != where:
        return True, f"{where} has no {name}: it belongs to {home}, and kubectl refuses it here"
    near = _near(name, tuple(sorted(here)))
    hint = f"; did you mean {near}?" if near else ""
    return False, f"unknown field {name!r}: kubectl refuses it{hint}"


def _home(name: str) -> str:
    if name in CONTAINER:
        return "a container"
    if name in POD:
        return "the spec of a pod"
    if name in _TEMPLATED | {"strategy", "updateStrategy"}:
        return "the spec of a workload"
    return ""


@lru_cache(maxsize=256)
def _near(name: str, known: tuple[str, ...]) -> str:
    by_case = {each.casefold(): each for each in known}
    return by_case.get(name.casefold()) or closest(name, known, _SAME_CASE)
