"""What a Java virtual machine is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "jvm.options",
        "jvm.options.d/*.options",
        "jvm.config",
        "jvm*.options",
        "*.vmoptions",
        "*.jvmoptions",
        "setenv.sh",
        "solr.in.sh",
        "mapred-site.xml",
        "yarn-site.xml",
        "tez-site.xml",
    ),
    programs=("java",),
    images=(
        "openjdk",
        "eclipse-temurin",
        "amazoncorretto",
        "ibm-semeru-runtimes",
        "sapmachine",
        "zulu-openjdk",
        "liberica-openjdk",
    ),
    underlies=(
        *("tomcat", "spring", "jetty", "wildfly", "liberty", "keycloak", "jenkins", "digdag"),
        *("elasticsearch", "opensearch", "logstash", "solr", "kafka", "zookeeper", "cassandra"),
        *(
            "hadoop",
            "hbase",
            "hive",
            "spark",
            "flink",
            "trino",
            "presto",
            "druid",
            "neo4j",
            "nexus",
        ),
    ),
    variables=("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"),
)
