"""What a Spring Boot application is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

_NAMES = ("application", "application-*", "bootstrap")
SIGNS = Signs(
    files=tuple(f"{name}.{ending}" for name in _NAMES for ending in ("properties", "yml", "yaml")),
    holds=r"^(?:spring|server|management|logging|eureka|info)\b\s*[.:=]|^\s+(?:datasource|profiles):",
    programs=("spring",),
    aliases=("spring-boot", "springboot"),
    accompanies=("jvm", "tomcat", "jetty"),
    variables=(
        *("SERVER_PORT", "SERVER_SHUTDOWN", "SERVER_TOMCAT_THREADS_MAX", "SPRING_PROFILES_ACTIVE"),
        *("SERVER_TOMCAT_MAX_CONNECTIONS", "SERVER_TOMCAT_ACCEPT_COUNT", "SPRING_DATASOURCE_URL"),
        *("SPRING_APPLICATION_JSON", "SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE"),
        *("SPRING_REDIS_HOST", "SPRING_DATA_REDIS_HOST", "SPRING_APPLICATION_NAME"),
    ),
)
