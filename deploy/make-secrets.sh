#!/bin/sh
# Makes the secrets that compose.yaml hands over by file: make-secrets.sh [FOLDER]. What is there already stays.
#
# The bot's token is asked for, all else is random. Nobody but you may enter the folder; the files in it may be read,
# since compose shows them in the containers with the mode that they have here, and nobody there is root.
set -eu

folder=${1:-secrets}
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

random() { LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 40; }

keep() { # NAME VALUE
    if [ ! -s "$1" ]; then
        printf '%s\n' "$2" >"$1.new"
        chmod 444 "$1.new"
        mv "$1.new" "$1"
        echo "made $folder/$1"
    fi
}

keep database_password "$(random)"
keep database_url "postgresql://taskbot:$(cat database_password)@postgres:5432/taskbot"
keep redis_password "$(random)"
keep redis_url "redis://:$(cat redis_password)@redis:6379/0"
keep redis.conf "# What is half-said in a dialogue outlives a restart, and nothing is thrown away for room.
requirepass $(cat redis_password)
dir /data
appendonly yes
maxmemory 192mb
maxmemory-policy noeviction"
keep grafana_password "$(random)"
if [ ! -s bot_token ]; then
    printf 'The token of your bot, from @BotFather: ' >&2
    IFS= read -r token
    [ -n "$token" ] || { echo 'no token: run me again' >&2; exit 1; }
    keep bot_token "$token"
fi
