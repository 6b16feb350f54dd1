#!/usr/bin/env bash
# What the action runs: annotations into the log, a summary of the job, SARIF for code scanning.
# PLIMSOLL_PATH, _FAIL_ON, _DIFF, _ARGUMENTS and _SARIF are the action's inputs.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if ! command -v plimsoll >/dev/null; then
    python3 -m venv "${RUNNER_TEMP:-/tmp}/plimsoll"
    "${RUNNER_TEMP:-/tmp}/plimsoll/bin/pip" --quiet install "$here" || exit 2
    PATH="${RUNNER_TEMP:-/tmp}/plimsoll/bin:$PATH"
fi

sarif=${PLIMSOLL_SARIF:-plimsoll.sarif}
summary=$(mktemp)
# The arguments are words of a command line, as the workflow writes them.
# shellcheck disable=SC2086
plimsoll check "${PLIMSOLL_PATH:-.}" --format github --fail-on "${PLIMSOLL_FAIL_ON:-high}" \
    --output "sarif=$sarif" --output "markdown=$summary" \
    ${PLIMSOLL_DIFF:+"--diff=$PLIMSOLL_DIFF"} ${PLIMSOLL_ARGUMENTS:-}
code=$?
[ -s "$summary" ] && cat "$summary" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
{
    echo "sarif=$sarif"
    echo "exit-code=$code"
} >> "${GITHUB_OUTPUT:-/dev/null}"
rm -f "$summary"
exit "$code"
