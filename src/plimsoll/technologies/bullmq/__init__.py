"""BullMQ: queues of jobs in Redis, and the workers that take them."""
