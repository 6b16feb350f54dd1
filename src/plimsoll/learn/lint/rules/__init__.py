"""The rules, a file for each part of a postmortem; each offers RULES."""
