"""Go's database/sql: a pool without a limit unless one is set."""
