"""Arguments that several commands take."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from plimsoll.cli.command import one_of


def add_path(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        default=(),  # without one, errors call it required
        type=Path,
        metavar="PATH",
        help="the folder to read, or files of it (default: the folder that you are in); - is standard "
        "input: rendered Kubernetes manifests",
    )


def add_machines(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="[NAME:]KEY=VALUE,...",
        help="a machine: memory=4GiB,cores=2 or shop-1:memory=4GiB; may be given again",
    )
    parser.add_argument(
        "--this-host", action="store_true", help="the services run on this machine; measure it"
    )


def add_environment(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--environment",
        default="",
        metavar="NAME",
        help="lay plimsoll.NAME.yaml over plimsoll.yaml",
    )


def add_rules(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--rules",
        action="append",
        default=[],
        type=Path,
        metavar="DIR",
        help="rules of your own, next to .plimsoll/rules; may be given again",
    )


def add_format(parser: ArgumentParser, *known: str) -> None:
    parser.add_argument(
        "--format",
        default=known[0],
        type=one_of("format", lambda: known),
        metavar="|".join(known),
        help=f"how to write it (default: {known[0]})",
    )
