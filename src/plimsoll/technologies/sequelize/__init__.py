"""Sequelize: its own pool over a driver."""
