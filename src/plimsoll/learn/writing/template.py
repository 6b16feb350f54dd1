"""A postmortem to be filled in: filled, it has no finding of the lint."""

from __future__ import annotations

from datetime import date

_TEXT = """\
# [What users saw, in five words] on {day}

Owner: [name]. Reviewer: [name]. Status: draft. All times are UTC.

## Summary

On {day} from [10:00] to [10:40] UTC [what happened]. [40]% of [users] could not [pay], which cost [310 orders].

## Timeline

- {day} [10:00] [the first harm, with a link to its graph]
- {day} [10:04] [how it was noticed; who begins to investigate]
- {day} [10:10] [what was suspected, and what excluded it]
- {day} [10:20] [the cause is found: service and setting]
- {day} [10:35] [what was changed]
- {day} [10:40] [what shows that all is well: resolved]

## Root cause

The setting [name] of [service] was set to [value] while [resource] allows [limit]. [Which test, review or alert did
not catch it, and how it looked to those who changed it.]

## Contributing factors

- [What else had to be true]

## Resolution and recovery

[What ended the harm, and what was left to do.]

## What went well

- [What is worth keeping]

## Where we got lucky

- [What will not be there again]

## Action items

- [Prevent: what is there when it is done, and by what one sees that it works until then] (owner: [name], due [2027-03-20])
- [Detect: the alert, with its number] (owner: [name], due [2027-03-20])
"""


def template(day: date) -> str:
    """The text with its day."""
    return _TEXT.format(day=day.isoformat())
