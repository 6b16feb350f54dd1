"""How the application's processes run."""

import os

from shop.checkout import payment

bind = os.environ.get("APP_BIND", "0.0.0.0:8000")

# Each worker is a copy of the application of about 50 MB, with threads of its own (bin/start).
workers = 3
worker_class = "gthread"
worker_tmp_dir = "/dev/shm"

timeout = 30
graceful_timeout = 25
keepalive = 5
backlog = 1024

max_requests = 2000
max_requests_jitter = 400

accesslog = "-"
errorlog = "-"


def post_worker_init(worker):
    payment.open_sessions(worker.cfg.threads)
