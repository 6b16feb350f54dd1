"""Knex: its own pool over a driver."""
