workers 24
threads 4, 4
preload_app!
environment 'production'
bind 'unix:///srv/app/shared/tmp/puma.sock'
