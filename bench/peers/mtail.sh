#!/usr/bin/env bash
# mtail reads the log once and tells its counters.
set -euo pipefail
log=$1
mtail -one_shot -one_shot_format prometheus -poll_interval 0 -poll_log_interval 0 -logtostderr -address 127.0.0.1 -port 0 \
	-progs "$(dirname "$0")/handoff.mtail" -logs "$log" |
	mawk '{ sub(/\{.*/, "", $1); value[$1] = $2 } END { print value["lost"] + 0, value["success"] + 0, value["failed"] + 0 }'
