"""Asks Ruby: one process that answers lines of JSON with what a program made of each."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from support.programs import need


def answers(script: str, questions: list[object], folder: Path) -> list[object]:
    """What *script*, which is handed `question` and leaves `answer`, says to each of *questions*."""
    ruby = need("ruby", "ruby")
    loop = f"""
require "json"
STDIN.each_line do |line|
  question = JSON.parse(line)["question"]
  begin
    answer = (proc do
{script}
    end).call
    puts JSON.generate({{"answer" => answer}})
  rescue Exception => problem
    puts JSON.generate({{"answer" => {{"refused" => problem.class.name}}}})
  end
  STDOUT.flush
end
"""
    lines = "".join(json.dumps({"question": each}) + "\n" for each in questions)
    done = subprocess.run(
        [ruby, "-W0", "-e", loop],
        cwd=folder,
        input=lines,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line)["answer"] for line in done.stdout.splitlines() if line[:1] == "{"]
    assert len(found) == len(questions), done.stdout + done.stderr
    return found
