"""Services as Kubernetes manifests describe them: one for each container that runs all the time.

The files of a folder are one state: a ConfigMap, a Service, an autoscaler or a LimitRange of one
file holds for the workloads of the others, within their namespace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Deployment, Embedded, Manifest, Open, Word
from plimsoll.model.setting import Block, Setting, Status, Unread
from plimsoll.syntax.yaml_tree import Leaf, Table
from plimsoll.technologies.kubernetes.custom import custom_services
from plimsoll.technologies.kubernetes.environment import (
    Environment,
    environment_of,
    replace_references,
    word_of,
)
from plimsoll.technologies.kubernetes.flatten import (
    annotation_settings,
    container_settings,
    pod_settings,
    workload_settings,
)
from plimsoll.technologies.kubernetes.helm_values import is_values, values_services
from plimsoll.technologies.kubernetes.kustomize import applied, is_kustomization
from plimsoll.technologies.kubernetes.objects import Object, Objects, objects, tables
from plimsoll.technologies.kubernetes.pods import Pod, pod_of
from plimsoll.technologies.kubernetes.reach import ingress_settings, reach_of
from plimsoll.technologies.kubernetes.resources import Range, added_resources, judged, ranges
from plimsoll.technologies.kubernetes.scaling import scaling_settings
from plimsoll.technologies.kubernetes.volumes import file_of, keys_of, seen_by, volume_settings


def describe(paths: Sequence[str], opened: Open) -> Iterator[Deployment | Unread]:
    """The containers of the workloads in these files, and what custom resources describe."""
    values = [path for path in paths if is_values(path)]
    for path in values:
        yield from _of_values(path, opened)
    files, unread = applied([path for path in paths if path not in values], opened)
    yield from unread
    all_ = objects(files, opened)
    yield from all_.unread
    used: set[str] = set()
    for each in all_.found:
        pod = pod_of(each)
        for deployment in _services(pod, all_) if pod else custom_services(each, all_.files):
            used.update(file.path for file in deployment.embedded)
            yield deployment
    yield from _lone_files(all_, used)


def _of_values(path: str, opened: Open) -> Iterator[Deployment | Unread]:
    text = opened(path)
    if isinstance(text, Unread):
        yield text
        return
    unread: list[Unread] = []
    for table in tables(text, path, unread):
        yield from values_services(table, path, (path,))
    yield from unread


def states(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """Each folder; the folders of kustomizations together, since one takes in others.

    Values of Helm charts describe nothing before somebody names them.
    """
    paths = [path for path in paths if not is_values(path)]
    kustomized = {p.rpartition("/")[0] for p in paths if is_kustomization(p)}
    folders: dict[str, list[str]] = {}
    for path in paths:
        folder = path.rpartition("/")[0]
        is_taken = any(_is_in(folder, each) for each in kustomized)
        folders.setdefault("kustomize:" if is_taken else folder, []).append(path)
    return [tuple(files) for files in folders.values()]


def _is_in(folder: str, above: str) -> bool:
    return folder == above or not above or folder.startswith(f"{above}/")


def _services(pod: Pod, all_: Objects) -> Iterator[Deployment]:
    known = ranges(all_, pod.namespace)
    for name, container in pod.containers():
        yield _service(name, container, pod, all_, known)


def _service(
    name: str, container: Table, pod: Pod, all_: Objects, known: Sequence[Range]
) -> Deployment:
    owner = pod.owner
    scope = (
        Block(owner.kind, owner.name, owner.table.place),
        Block("container", container.text("name"), container.place),
    )
    environment = environment_of(container, all_, pod.namespace, scope)
    settings = [
        *_of_workload(pod, all_, scope),
        *_of_container(container, scope, known),
        *environment.settings,
    ]
    memory = next((s for s in settings if s.name == "resources.limits.memory" and _holds(s)), None)
    settings += volume_settings(container, pod.spec, scope, memory)
    reach = reach_of(container, pod, all_, name)
    settings += ingress_settings(reach.services, all_, scope)
    for each in pod.starters():
        inner = (*scope, Block("initContainer", each.text("name"), each.place))
        settings += _of_container(each, inner, known)
    entrypoint = _words(container, "command", environment)
    seen = seen_by(container, pod.spec, all_, pod.namespace)
    return Deployment(
        name=name,
        technology="kubernetes",
        place=container.place,
        settings=tuple(settings),
        command=(*entrypoint, *_words(container, "args", environment)),
        environment=environment.words,
        image=_image(container),
        directory=container.text("workingDir"),
        mounts=seen.mounts,
        addresses=reach.addresses,
        published=reach.published,
        files=tuple(all_.files),
        embedded=seen.embedded,
        entrypoint=entrypoint,
        forwarded=reach.forwarded,
        network="" if pod.shares_host else f"{pod.namespace}/{owner.kind}/{pod.name}",
    )


def _holds(setting: Setting) -> bool:
    return setting.status is Status.EFFECTIVE


def _of_workload(pod: Pod, all_: Objects, scope: tuple[Block, ...]) -> list[Setting]:
    written = [
        setting
        for at, spec in enumerate(pod.specs)
        for setting in workload_settings(spec, "Job" if at else pod.owner.kind, scope)
    ]
    scaled = scaling_settings(pod, written, all_, scope)
    tables = (
        [pod.metadata]
        if pod.owner.kind == "Pod"
        else [pod.owner.table.table("metadata"), pod.metadata]
    )
    annotations = [each for table in tables for each in annotation_settings(table, scope)]
    return [*scaled, *annotations, *pod_settings(pod.spec, scope)]


def _of_container(
    container: Table, scope: tuple[Block, ...], known: Sequence[Range]
) -> list[Setting]:
    found = [*container_settings(container, scope), *added_resources(container, scope, known)]
    return judged(found, known)


def _image(container: Table) -> str:
    image = container.text("image")
    return "" if "{{" in image else image


def _words(container: Table, name: str, environment: Environment) -> tuple[Word, ...]:
    """The words of a list, `$(NAME)` replaced."""
    leaves = [each for each in container.items(name) if isinstance(each, Leaf)]
    return tuple(replace_references(word_of(each), environment.words) for each in leaves)


def _lone_files(all_: Objects, used: set[str]) -> Iterator[Deployment]:
    """ConfigMaps that no workload here mounts: whoever knows their files may read them."""
    for source in all_.of("ConfigMap"):
        files = [f for key in keys_of(source) if (f := file_of(source, key)) and f.path not in used]
        own = tuple(file for file in files if "\n" in file.text)
        if own and len(files) == len(keys_of(source)):
            yield _files_of(source, own, all_.files)


def _files_of(source: Object, own: tuple[Embedded, ...], read: Sequence[str]) -> Deployment:
    return Deployment(
        name=source.name,
        technology="",
        place=source.table.place,
        mounts=tuple((each.path, f"/{each.path.rpartition('/')[2]}") for each in own),
        addresses=(source.name,),
        files=tuple(read),
        embedded=own,
    )


MANIFEST = Manifest(describe=describe, states=states, gathers=True)
