#!/usr/bin/env bash
# Runs a scenario in shards under GNU parallel, one for each core, and joins them: parallel.sh SCENARIO FOLDER SHARDS
# What was interrupted goes on when the same line is run again. On several machines with one file system: add --sshlogin.
set -euo pipefail
scenario=$1 folder=$2 shards=$3

mkdir -p "$folder"
# Each shard has one thread; parallel has one shard for each core.
parallel --quote --jobs 100% --joblog "$folder/jobs.tsv" \
  gauntlet run "$scenario" --shard "{}/$shards" --output "$folder/shards/{}" --jobs 1 --quiet \
  ::: $(seq "$shards")
gauntlet merge "$folder"/shards/* --output "$folder/merged" --fresh
