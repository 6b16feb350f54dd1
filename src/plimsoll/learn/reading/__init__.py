"""Postmortems as people write them, into the model. Pure: text in, values out."""
