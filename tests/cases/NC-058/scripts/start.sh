#!/bin/bash

set -ex

# Start up the production server
OPT=(--max_old_space_size=4096 -r dotenv/config)

if [ "$NODE_ENV" != "development" ]; then
  exec node "${OPT[@]}" ./server.dist.js
else
  exec node "${OPT[@]}" ./src/index
fi
