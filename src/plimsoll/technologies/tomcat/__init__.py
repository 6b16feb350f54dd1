"""Apache Tomcat: connectors, executors, data sources."""
