import os
import sys
import traceback

workers = 5
worker_class = "eventlet"
worker_connections = 256
bind = "0.0.0.0:{}".format(os.getenv("PORT", "6012"))
statsd_host = "{}:8125".format(os.getenv("STATSD_HOST", "localhost"))
timeout = int(os.getenv("HTTP_SERVE_TIMEOUT_SECONDS", 30))


def on_starting(server):
    server.log.info("Starting")


def worker_abort(worker):
    worker.log.info("worker received ABORT %s", worker.pid)
    for _, stack in sys._current_frames().items():
        worker.log.error("".join(traceback.format_stack(stack)))
