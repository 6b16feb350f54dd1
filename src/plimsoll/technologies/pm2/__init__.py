"""pm2: a manager of Node processes."""
