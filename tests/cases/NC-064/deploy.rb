set :application, "app"
set :deploy_to,   "/var/www/app"
set :deploy_via,  :remote_cache
set :keep_releases, 5
set :use_sudo, false
