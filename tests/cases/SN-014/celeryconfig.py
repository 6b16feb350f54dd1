broker_url = "amqp://crawler:example@mq-1:5672/crawler"
task_ignore_result = True
worker_prefetch_multiplier = 1
task_acks_late = True
task_time_limit = 300
broker_pool_limit = 10
