workers 24
threads 200, 200
preload_app!
environment 'production'
bind 'unix:///srv/app/shared/tmp/puma.sock'
