"""requests: HTTP from Python, over urllib3."""
