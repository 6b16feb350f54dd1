"""What Kubernetes manifests are recognized by: what they hold, since any YAML or JSON may be one."""

from __future__ import annotations

from plimsoll.model.signs import Signs

_FILES = ("*.yaml", "*.yml", "*.json", "<stdin>")

# Both keys of an object, in either order; or one that only a kustomization has.
_HOLDS = (
    r"""(?s)\A(?=.*?\bapiVersion["']?[ \t]*:)(?=.*?\bkind["']?[ \t]*:)"""
    r"""|^resources[ \t]*:[ \t]*\r?\n[ \t]*-[ \t]*[^\s:]+[ \t]*\r?$"""
    r"""|^(?:patchesStrategicMerge|patchesJson6902|configMapGenerator|secretGenerator|commonLabels"""
    r"""|namePrefix|nameSuffix|bases)[ \t]*:"""
    # The values of a Helm chart, which are read where somebody names them.
    r"""|^[ \t]*(?:replicaCount|terminationGracePeriodSeconds)[ \t]*:"""
    r"""|^[ \t]*(?:resources|requests)[ \t]*:\s*\{?\s*(?:requests[ \t]*:|(?:cpu|memory)[ \t]*:)"""
    r"""|^[ \t]*(?:esJavaOpts|heapOpts)[ \t]*:"""
    r"""|^[ \t]*lifecycle[ \t]*:\s*\{?\s*(?:preStop|postStart)[ \t]*:"""
)

SIGNS = Signs(files=_FILES, manifests=_FILES, holds=_HOLDS)
