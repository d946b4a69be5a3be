#!/usr/bin/env bash
# The rules twice at once: one half takes the conversations that end in an even digit, the other the rest.
set -euo pipefail
export LC_ALL=C
log=$1 lead=$2 json=$3
half() {
	rg --no-config -N "(OUTBOX_TRACE\|phase=|DELIVERY_TRACE\|action=result).*\|conv=[^|]*[$1]\|" "$log" |
		mawk -v lead="$lead" -v json="$json" -f "$(dirname "$0")/handoff.awk"
}
{ half 02468ace & half 13579bdf; wait; } |
	mawk '{ lost += $1; success += $2; failed += $3 } END { print lost, success, failed }'
