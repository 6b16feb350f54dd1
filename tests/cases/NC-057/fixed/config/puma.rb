lowlevel_error_handler do |ex, env|
  Sentry.capture_exception(ex)
  [500, {}, ["error"]]
end
workers Integer(ENV["WEB_CONCURRENCY"] || 1)
threads_count = Integer(ENV["RAILS_MAX_THREADS"] || 5)
threads threads_count, threads_count
preload_app!
port ENV["PORT"] || 18001
