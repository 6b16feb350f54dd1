"""RabbitMQ: rabbitmq.conf, Erlang's terms in advanced.config, and its environment."""
