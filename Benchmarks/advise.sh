#!/usr/bin/env bash
# Wall time, processor time and memory of the demo's command, pictures and report included.
# Usage: Benchmarks/advise.sh [path of poise]     (default .build/release/poise, see `make build`)
set -euo pipefail
cd "$(dirname "$0")/.."

poise=${1:-.build/release/poise}
[ -x "$poise" ] || { echo "$poise is not there: make build" >&2; exit 66; }
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

"$poise" doctor | grep -iE 'blas|openblas' || true
run=("$poise" advise --activation tanh --depth 64 --width 256 --data digits --quiet
  --output "$output/advice")
if [ -x /usr/bin/time ]; then
  /usr/bin/time -f 'wall %e s, processor %U s + %S s, memory %M kB' \
    -o "$output/time" "${run[@]}" > /dev/null
  cat "$output/time"
else
  time "${run[@]}" > /dev/null
fi
