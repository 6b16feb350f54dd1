"""HikariCP's properties. Source: HikariCP's manual, HikariConfig."""

from __future__ import annotations

NAMES = (
    *("maximumPoolSize", "minimumIdle", "connectionTimeout", "validationTimeout", "idleTimeout"),
    *("maxLifetime", "keepaliveTime", "leakDetectionThreshold", "initializationFailTimeout"),
    *("jdbcUrl", "username", "password", "dataSourceClassName", "driverClassName", "poolName"),
    *("connectionTestQuery", "connectionInitSql", "autoCommit", "readOnly", "registerMbeans"),
    *("allowPoolSuspension", "isolateInternalQueries", "transactionIsolation", "schema", "catalog"),
)
