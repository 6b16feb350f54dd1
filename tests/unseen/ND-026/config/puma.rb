threads_count = ENV.fetch("RAILS_MAX_THREADS", 3).to_i
threads threads_count, threads_count
workers ENV.fetch("PUMA_WORKER_PROCESSES", 4).to_i

port ENV.fetch("PORT", 3000)
environment ENV.fetch("RAILS_ENV", "production")
preload_app!
