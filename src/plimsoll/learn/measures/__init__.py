"""How long incidents took and where the minutes went, with the care that few numbers need."""
