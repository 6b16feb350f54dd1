"""HikariCP: the pool of connections of Java services."""
