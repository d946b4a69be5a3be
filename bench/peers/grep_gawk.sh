#!/usr/bin/env bash
# grep picks the lines, gawk pairs the turns by the rules.
set -euo pipefail
export LC_ALL=C
log=$1 lead=$2 json=$3
grep -E '(OUTBOX_TRACE\|phase=|DELIVERY_TRACE\|action=result)' "$log" |
	gawk -v lead="$lead" -v json="$json" -f "$(dirname "$0")/handoff.awk"
