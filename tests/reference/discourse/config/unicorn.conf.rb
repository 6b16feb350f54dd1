worker_processes (ENV["UNICORN_WORKERS"] || 3).to_i
working_directory "/var/www/discourse"
listen "127.0.0.1:3000"
pid "/var/www/discourse/tmp/pids/unicorn.pid"
timeout 30
preload_app true
check_client_connection false
