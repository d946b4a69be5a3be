#!/usr/bin/env bash
# jq reads every JSON record, mawk pairs the turns by the rules.
set -euo pipefail
export LC_ALL=C
log=$1
grep '^{' "$log" |
	jq -r '.message | select(startswith("OUTBOX_TRACE|") or startswith("DELIVERY_TRACE|action=result|"))' |
	mawk -v lead= -v json=0 -f "$(dirname "$0")/handoff.awk"
