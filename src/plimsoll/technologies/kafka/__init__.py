"""Apache Kafka: brokers, Connect workers and the clients that their files configure."""
