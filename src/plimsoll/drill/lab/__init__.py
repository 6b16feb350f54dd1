"""The lab: real servers that tests, drills and the demo start."""
