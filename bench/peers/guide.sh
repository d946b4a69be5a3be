#!/usr/bin/env bash
# The four critical metrics as an operations guide has them: one grep over the whole log for each figure.
set -u
log=$1
count() { grep -E "$1" "$log" | wc -l; }
lost=$(count 'OUTBOX_GUARD.*handoff_violation')
success=$(grep 'DELIVERY_TRACE' "$log" | grep 'action=result' | grep 'status=success' | wc -l)
failed=$(grep 'DELIVERY_TRACE' "$log" | grep 'action=result' | grep 'status=failed' | wc -l)
instances=$(count 'INSTANCE_GUARD.*invalid_pattern')
consistent=$(grep 'OUTBOX_TRACE' "$log" | awk -F'|' '{ ids[$3 "|" $5]++ } END { print length(ids) }')
echo "instances $instances, conversations and states $consistent" >&2
echo "$lost $success $failed"
