#!/bin/bash
mkdir -p /mnt/server/webroot /mnt/server/tmp
cd /mnt/server/webroot
git clone "https://${USERNAME}:${ACCESS_TOKEN}@${GIT_ADDRESS}" .
chown -R container:container /mnt/server
