"""The properties that settings.yaml has: what the environment may mean by a name without dots."""

from __future__ import annotations

_LISTED = """
    server.port server.address server.shutdown spring.lifecycle.timeout-per-shutdown-phase
    server.tomcat.threads.max server.tomcat.max-threads server.tomcat.threads.min-spare
    server.tomcat.threads.max-queue-capacity server.tomcat.max-connections
    server.tomcat.accept-count server.tomcat.connection-timeout server.connection-timeout
    server.tomcat.keep-alive-timeout server.tomcat.max-keep-alive-requests
    server.tomcat.max-http-form-post-size server.tomcat.max-swallow-size
    server.tomcat.max-parameter-count server.tomcat.processor-cache
    server.max-http-request-header-size server.max-http-header-size server.compression.enabled
    server.http2.enabled server.servlet.session.timeout server.jetty.threads.max
    server.jetty.threads.min server.jetty.connection-idle-timeout server.undertow.threads.worker
    server.undertow.threads.io server.netty.connection-timeout server.netty.idle-timeout
    spring.threads.virtual.enabled spring.servlet.multipart.max-file-size
    spring.servlet.multipart.max-request-size spring.mvc.async.request-timeout
    spring.task.execution.pool.core-size spring.task.execution.pool.max-size
    spring.task.execution.pool.queue-capacity spring.task.scheduling.pool.size
    spring.transaction.default-timeout spring.jpa.open-in-view spring.datasource.url
    spring.datasource.username spring.datasource.password spring.datasource.type
    spring.datasource.driver-class-name spring.r2dbc.url spring.r2dbc.pool.max-size
    spring.r2dbc.pool.max-idle-time spring.r2dbc.pool.max-life-time spring.data.redis.host
    spring.data.redis.port spring.data.redis.timeout spring.data.redis.connect-timeout
    spring.data.redis.lettuce.pool.max-active spring.data.redis.lettuce.pool.max-wait
    spring.data.redis.jedis.pool.max-active spring.redis.host spring.redis.port
    spring.redis.timeout spring.redis.connect-timeout spring.redis.lettuce.pool.max-active
    spring.redis.lettuce.pool.max-wait spring.redis.jedis.pool.max-active
    spring.rabbitmq.listener.simple.prefetch spring.rabbitmq.listener.simple.concurrency
    spring.kafka.bootstrap-servers spring.kafka.consumer.max-poll-records
    spring.kafka.listener.concurrency spring.profiles.active spring.profiles.default
    spring.application.name management.server.port management.endpoint.health.probes.enabled
"""
NAMES = tuple(_LISTED.split())
