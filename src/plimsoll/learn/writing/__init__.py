"""Postmortems as JSON, as text for a terminal, as Markdown and as a page."""
