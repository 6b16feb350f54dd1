import os

broker_url = "amqp://app:secret@rabbitmq:5672//"
worker_prefetch_multiplier = 1
worker_concurrency = 1
worker_max_tasks_per_child = 1
worker_send_task_events = True
worker_cancel_long_running_tasks_on_connection_loss = True

task_ignore_result = False
task_serializer = "json"
task_acks_late = True
task_track_started = True
task_time_limit = 86400 * 2  # 48 hours in seconds
