"""What tests of Ruby's readers share: pieces of code to draw, and Ruby itself to ask."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from hypothesis import strategies as st

from support.programs import need

PIECES = st.sampled_from(
    [
        *("if ", "end\n", "do |x|\n", '"', "#{", "}", "{", "(", ")", "[", "]", ",", "=", "<<~A\n"),
        *(
            "A\n",
            "foo ",
            "bar",
            "1",
            ".",
            ":a ",
            "x: ",
            "?",
            " : ",
            "%w[",
            "/",
            "|",
            "\n",
            " ",
            "'",
        ),
        *("`", "=begin\n", "=end\n", "__END__\n", ";", "\\\n", "é", "\ufeff", "\udc80", "\r\n"),
        *("%", "$", "@", "0x", "1e5", "def ", "case ", "rescue\n", "->", "&", "**", "unless "),
    ]
)


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
