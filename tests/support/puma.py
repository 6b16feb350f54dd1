"""Puma, asked for the options that its configuration comes to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from support.programs import need
from support.rubies import answers

ASK = """
    ENV.delete_if { |name, _| name =~ /THREADS|WEB_CONCURRENCY|COUNT|PUMA|ENV$/ }
    question["environment"].each { |name, text| ENV[name] = text }
    require "puma"
    require "puma/configuration"
    File.write("puma.rb", question["text"])
    config = Puma::Configuration.new { |user, file| file.load "puma.rb" }
    config.load
    names = %i[workers min_threads max_threads persistent_timeout first_data_timeout worker_timeout
               worker_boot_timeout worker_shutdown_timeout worker_check_interval preload_app
               queue_requests force_shutdown_after binds]
    names.to_h { |name| [name, config.options[name]] }
"""


def configured(questions: Sequence[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Of each text and environment the options by name; `refused` where it does not take it."""
    need("puma", "puma")
    found: list[Any] = answers(ASK, list(questions), folder)
    return found
