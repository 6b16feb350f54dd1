import multiprocessing

bind = "0.0.0.0:8000"
workers = min(multiprocessing.cpu_count() * 2 + 1, 4)
worker_class = "sync"
worker_tmp_dir = "/dev/shm"
accesslog = "-"
errorlog = "-"
max_requests = 1000
max_requests_jitter = 100
graceful_timeout = 30
timeout = 60
