#!/usr/bin/env bash
# ripgrep picks the lines, mawk pairs the turns by the rules.
set -euo pipefail
export LC_ALL=C
log=$1 lead=$2 json=$3
rg --no-config -N '(OUTBOX_TRACE\|phase=|DELIVERY_TRACE\|action=result)' "$log" |
	mawk -v lead="$lead" -v json="$json" -f "$(dirname "$0")/handoff.awk"
