threads_count = ENV.fetch("RAILS_MAX_THREADS", 3)
threads threads_count
environment ENV.fetch("RAILS_ENV", "development")
port ENV.fetch("PORT", 3000)
plugin :tmp_restart
