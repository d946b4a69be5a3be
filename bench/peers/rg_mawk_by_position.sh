#!/usr/bin/env bash
# ripgrep picks the lines, mawk takes the fields by their place: the least that can be done.
set -euo pipefail
export LC_ALL=C
log=$1 lead=$2
rg --no-config -N '(OUTBOX_TRACE\|phase=|DELIVERY_TRACE\|action=result)' "$log" |
	mawk -v lead="$lead" -f "$(dirname "$0")/by_position.awk"
