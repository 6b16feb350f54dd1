persistent_timeout 20
threads 5, 5
bind 'tcp://127.0.0.1:3000'
workers ENV.fetch('WEB_CONCURRENCY') { 2 }.to_i
preload_app!
