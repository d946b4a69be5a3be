#!/usr/bin/env bash
# grep picks the lines, mawk takes the fields by their place.
set -euo pipefail
export LC_ALL=C
log=$1 lead=$2
grep -E '(OUTBOX_TRACE\|phase=|DELIVERY_TRACE\|action=result)' "$log" |
	mawk -v lead="$lead" -f "$(dirname "$0")/by_position.awk"
