"""The bootstrap, with programs of our own in the place of uv, pip and apt-get."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import bootstrap
import servers

TOOLS = bootstrap.ROOT / "tools"

# A uv that notes how it was called and makes what `uv sync` would make.
UV = """#!/bin/sh
if [ "$1" = --version ]; then echo "uv 0.13.8"; exit 0; fi
echo "$*" >> calls
mkdir -p .venv/bin && touch .venv/bin/plimsoll
exit ${UV_ENDS_WITH:-0}
"""


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def uv_that_is(version: str, path: Path) -> Path:
    return program(path, f"#!/bin/sh\necho 'uv {version} (x86_64)'\n")


# ------------------------------------------------------------------------ read by an older Python


@pytest.mark.parametrize("name", ["bootstrap.py", "servers.py"])
def test_it_is_read_by_a_python_that_is_too_old(name: str) -> None:
    ast.parse((TOOLS / name).read_text(), feature_version=(3, 7))


@pytest.mark.parametrize("name", ["bootstrap.py", "servers.py"])
def test_it_imports_the_standard_library_alone(name: str) -> None:
    imported = set()
    for node in ast.walk(ast.parse((TOOLS / name).read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).partition(".")[0])
    assert imported - sys.stdlib_module_names <= {"servers"}


def test_a_python_that_is_too_old_hears_what_is_needed() -> None:
    with pytest.raises(bootstrap.BootstrapError, match=r"needs Python 3\.11 or newer.* 3\.10\."):
        bootstrap.check_python((3, 10))


def test_the_oldest_python_that_does_is_the_one_of_pyproject() -> None:
    bootstrap.check_python(bootstrap.PYTHON)
    wanted = f'requires-python = ">={bootstrap.shown(bootstrap.PYTHON)}"'
    assert wanted in (bootstrap.ROOT / "pyproject.toml").read_text()


# -------------------------------------------------------------------------------- the environment


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with our bootstrap and a lock file."""
    (tmp_path / "tools").mkdir()
    for name in ("bootstrap.py", "servers.py"):
        shutil.copy(TOOLS / name, tmp_path / "tools")
    (tmp_path / "uv.lock").write_text("one = 1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path


def run(project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    uv = program(project / "bin" / "uv", UV)
    return subprocess.run(
        [sys.executable, "tools/bootstrap.py"], cwd=project, capture_output=True, text=True,
        env={**os.environ, "PLIMSOLL_UV": str(uv), **environment}, timeout=60, check=False,
    )  # fmt: skip


def calls(project: Path) -> list[str]:
    return (project / "calls").read_text().splitlines()


def test_the_environment_is_made_with_this_python(project: Path) -> None:
    done = run(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert calls(project) == [f"sync --frozen --python {sys.executable}"]


def test_the_second_run_does_nothing(project: Path) -> None:
    run(project)
    done = run(project, PLIMSOLL_UV="/no/uv/is/looked/for")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(calls(project)) == 1


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_another_lock_is_synced_again(project: Path, name: str) -> None:
    run(project)
    (project / name).write_text("two = 2\n")
    run(project)
    assert len(calls(project)) == 2


def test_an_environment_that_lost_its_program_is_synced_again(project: Path) -> None:
    run(project)
    (project / ".venv/bin/plimsoll").unlink()
    run(project)
    assert len(calls(project)) == 2


def test_an_environment_that_is_there_keeps_its_python(project: Path) -> None:
    program(project / ".venv/bin/python", "")
    run(project)
    assert calls(project) == ["sync --frozen"]


def test_a_failed_sync_says_what_to_do_and_is_tried_again(project: Path) -> None:
    failed = run(project, UV_ENDS_WITH="2")
    assert failed.returncode == 1
    assert "UV_DEFAULT_INDEX" in failed.stderr
    assert run(project).returncode == 0
    assert len(calls(project)) == 2


def test_uv_gets_the_callers_mirrors_and_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mirror/simple")
    monkeypatch.setenv("SSL_CERT_FILE", "/own/ca.pem")
    monkeypatch.delenv("PIP_CERT", raising=False)
    monkeypatch.setenv("VIRTUAL_ENV", "/some/other")
    own = bootstrap.environment()
    assert own["UV_DEFAULT_INDEX"] == "https://mirror/simple"
    assert own["PIP_CERT"] == "/own/ca.pem"
    assert own["UV_PROJECT_ENVIRONMENT"] == str(bootstrap.ROOT / ".venv")
    assert "VIRTUAL_ENV" not in own


# ------------------------------------------------------------------------------------- finding uv


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a uv: an empty PATH, home and .tools under this folder."""
    monkeypatch.delenv("PLIMSOLL_UV", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "tools")
    return tmp_path


def test_uv_is_looked_for_in_order(nothing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = [
        nothing / "home/.local/bin/uv",
        nothing / "bin/uv",
        bootstrap.own_uv(),
        nothing / "named/uv",
    ]
    for path in order[:3]:
        uv_that_is("0.13.8", path)
        assert bootstrap.find_uv() == path
    monkeypatch.setenv("PLIMSOLL_UV", str(uv_that_is("0.1.0", order[3])))
    assert bootstrap.find_uv() == order[3]


def test_a_uv_that_is_too_old_is_passed_over(nothing: Path) -> None:
    uv_that_is("0.7.22", nothing / "bin/uv")
    good = uv_that_is("0.14.0", nothing / "home/.local/bin/uv")
    assert bootstrap.find_uv() == good


def test_a_shim_that_does_not_run_is_passed_over(nothing: Path) -> None:
    program(nothing / "bin/uv", "#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    assert bootstrap.find_uv() is None


def test_a_named_uv_that_does_not_run_is_an_error(
    nothing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLIMSOLL_UV", str(nothing))
    with pytest.raises(bootstrap.BootstrapError, match="correct or unset it"):
        bootstrap.find_uv()


# ------------------------------------------------------------------------------------- getting uv

# A pip whose download is a wheel with this program in it.
PIP = f"""
import sys, zipfile
into = sys.argv[sys.argv.index("--dest") + 1]
assert sys.argv[-1] == "uv=={bootstrap.UV}", sys.argv
import os; os.makedirs(into)
with zipfile.ZipFile(into + "/uv-{bootstrap.UV}-py3-none-any.whl", "w") as wheel:
    wheel.writestr("uv-{bootstrap.UV}.data/scripts/uv", "#!/bin/sh\\necho uv {bootstrap.UV}\\n")
"""


def no_way(_: Path) -> list[str]:
    raise bootstrap.NoWayError("not on this machine")


def test_uv_comes_out_of_its_wheel_by_the_first_way_that_works(
    nothing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip = nothing / "pip.py"
    pip.write_text(PIP)
    monkeypatch.setattr(
        bootstrap, "WAYS", {"one": no_way, "two": lambda _: [sys.executable, str(pip)]}
    )
    assert bootstrap.get_uv() == bootstrap.own_uv()
    assert bootstrap.find_uv() == bootstrap.own_uv()
    assert [path.name for path in bootstrap.own_uv().parent.iterdir()] == ["uv"]


def test_without_a_way_every_reason_and_what_to_do_is_said(
    nothing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = nothing / "pip.py"
    failing.write_text("raise SystemExit('ERROR: no route to host')")
    ways = {"one": no_way, "two": lambda _: [sys.executable, str(failing)]}
    monkeypatch.setattr(bootstrap, "WAYS", ways)
    with pytest.raises(bootstrap.BootstrapError) as said:
        bootstrap.get_uv()
    assert "- one: not on this machine" in str(said.value)
    assert "ERROR: no route to host" in str(said.value)
    assert "apt-get install python3-venv" in str(said.value)


APT_GET = """#!/bin/sh
echo "$*" >> {log}
case "$*" in
  *update*) touch {lists} ;;
  *download*) [ -e {lists} ] && cp {package} python3-pip-whl_1_all.deb || exit 100 ;;
esac
"""
DPKG = """#!/bin/sh
mkdir -p "$3/usr/share/python-wheels" && cp "$2" "$3/usr/share/python-wheels/pip-1-py3-none-any.whl"
"""


def test_debians_pip_is_unpacked_with_package_lists_of_its_own(nothing: Path) -> None:
    package = nothing / "package"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("pip/__main__.py", "print('a pip')")
    log, lists = nothing / "log", nothing / "lists"
    program(nothing / "bin/apt-get", APT_GET.format(log=log, lists=lists, package=package))
    program(nothing / "bin/dpkg", DPKG)
    scratch = nothing / "scratch"
    scratch.mkdir()

    pip = bootstrap.pip_of_debian(scratch)

    assert subprocess.run(pip, capture_output=True, text=True, check=True).stdout == "a pip\n"
    first, update, second = log.read_text().splitlines()
    assert "Dir::State::Lists" not in first
    assert f"Dir::State::Lists={scratch}/lists" in update
    assert f"Dir::State::Lists={scratch}/lists" in second


# ---------------------------------------------------------------------------------------- servers


@pytest.mark.parametrize(
    ("release", "is_debian"),
    [
        pytest.param("ID=debian\n", True, id="debian"),
        pytest.param('ID=ubuntu\nID_LIKE="debian"\n', True, id="ubuntu"),
        pytest.param('ID=linuxmint\nID_LIKE="ubuntu debian"\n', True, id="alike"),
        pytest.param('ID="fedora"\n', False, id="fedora"),
        pytest.param('ID=notdebian\nPRETTY_NAME="debian"\n', False, id="only a name"),
        pytest.param("", False, id="none"),
    ],
)
def test_debian_and_its_like(release: str, is_debian: bool) -> None:
    assert servers.is_debian(release) is is_debian


@pytest.mark.parametrize(
    ("environment", "release", "user", "reason"),
    [
        pytest.param({}, "ID=debian\n", 0, "", id="root on Debian"),
        pytest.param({"PLIMSOLL_INSTALL": "no"}, "ID=debian\n", 0, "PLIMSOLL_INSTALL=no", id="no"),
        pytest.param({}, "ID=debian\n", 1000, "only root may", id="a user"),
        pytest.param({}, "ID=alpine\n", 0, "neither Debian nor Ubuntu", id="another system"),
        pytest.param({}, None, 0, "neither Debian nor Ubuntu", id="no os-release"),
    ],
)
def test_why_nothing_may_be_installed(
    tmp_path: Path, environment: dict[str, str], release: str | None, user: int, reason: str
) -> None:
    file = tmp_path / "os-release"
    if release is not None:
        file.write_text(release)
    said = servers.why_not(environment, file, user)
    assert reason in said
    assert bool(said) == bool(reason)


APT_THAT_NEEDS_LISTS = """#!/bin/sh
echo "RUNLEVEL=$RUNLEVEL $*" >> {log}
case "$*" in *update*) touch {lists}; exit 0 ;; esac
[ -e {lists} ] || {{ echo "Reading package lists"; echo "E: Unable to locate package"; exit 100; }}
"""


def test_packages_are_installed_with_fresh_lists_where_they_are_needed(
    nothing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = APT_THAT_NEEDS_LISTS.format(log=nothing / "log", lists=nothing / "lists")
    program(nothing / "bin/apt-get", text)
    assert servers.install(["nginx-light"]) == ""
    ran = (nothing / "log").read_text().splitlines()
    assert [("update" in line, "install -y" in line) for line in ran] == [
        (False, True),
        (True, False),
        (False, True),
    ]
    assert all(line.startswith("RUNLEVEL=1 ") for line in ran)
    printed = capsys.readouterr().out.splitlines()[0]
    assert printed.startswith("servers: RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get ")
    assert printed.endswith("install -y --no-install-recommends nginx-light")


def test_a_package_that_a_release_lacks_keeps_none_of_the_others(nothing: Path) -> None:
    log = nothing / "log"
    text = f"""#!/bin/sh
case "$*" in *no-such*) echo "E: Unable to locate package no-such"; exit 100 ;; esac
echo "$*" >> {log}
"""
    program(nothing / "bin/apt-get", text)
    reason = servers.install(["nginx-light", "no-such", "redis-server"])
    assert reason == "apt-get ended with 100: E: Unable to locate package no-such"
    installed = [line.split()[-1] for line in log.read_text().splitlines() if "install" in line]
    assert installed == ["nginx-light", "redis-server"]


def test_what_failed_is_said(nothing: Path) -> None:
    program(nothing / "bin/apt-get", "#!/bin/sh\necho 'E: no such mirror'\nexit 100\n")
    assert servers.install(["nginx-light"]) == "apt-get ended with 100: E: no such mirror"


def test_servers_that_are_missing_are_named_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(servers, "PACKAGES", {"no-such-server": "no-such-package", "sh": "dash"})
    monkeypatch.setattr(servers, "LIBRARIES", {})
    monkeypatch.setenv("PLIMSOLL_INSTALL", "no")
    servers.install_missing()
    said = capsys.readouterr().out
    assert "PLIMSOLL_INSTALL=no" in said
    assert said.endswith("are skipped: no-such-package\n")


def test_nothing_is_said_or_done_when_all_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(servers, "PACKAGES", {"sh": "dash"})
    monkeypatch.setattr(servers, "LIBRARIES", {})
    servers.install_missing()
    assert capsys.readouterr().out == ""


def needed(path: Path) -> set[tuple[str, str]]:
    """What a test module asks `support.programs.need` for: program and package."""
    text = path.read_text()
    if "support.programs" not in text:
        return set()
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    calls = [each for each in found if isinstance(each.func, ast.Name) and each.func.id == "need"]
    words = [[word.value for word in call.args if isinstance(word, ast.Constant)] for call in calls]
    return {(str(each[0]), str(each[1])) for each in words if len(each) == 2}  # a table is by name


def test_every_program_that_a_test_needs_would_be_installed() -> None:
    paths = (bootstrap.ROOT / "tests").rglob("*.py")
    wanted = set().union(*(needed(path) for path in paths if path != Path(__file__)))
    assert ("initdb", "postgresql") in wanted
    assert wanted <= {*servers.PACKAGES.items(), *servers.ONLY_USED.items()}


# --------------------------------------------------------------------------------------- Makefile


def test_a_bare_make_lists_every_target() -> None:
    listed = subprocess.run(
        ["make", "-C", str(bootstrap.ROOT), "--no-print-directory"],
        capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
    ).stdout  # fmt: skip
    for target in ["demo", "test", "lint", "format", "bench", "prove", "fuzz", "docs"]:
        assert f"  make {target}\t" in listed
