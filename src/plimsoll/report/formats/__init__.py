"""One file per format that a report can have."""
