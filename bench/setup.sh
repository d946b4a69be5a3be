#!/usr/bin/env bash
# Installs the peers of the benchmarks, and the programs that tests ask, where that is possible: with apt-get;
# Python packages into an environment of their own inside of the one that is given. What cannot be installed is left out of the race.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-.venv}
wanted=()
for pair in gawk:gawk mawk:mawk rg:ripgrep jq:jq mtail:mtail systemd-analyze:systemd logrotate:logrotate; do
	command -v "${pair%%:*}" > /dev/null || wanted+=("${pair##*:}")
done
if [ ${#wanted[@]} -gt 0 ]; then
	if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
		export DEBIAN_FRONTEND=noninteractive
		apt-get update > /dev/null || true
		for package in "${wanted[@]}"; do
			apt-get install -y --no-install-recommends "$package" > /dev/null 2>&1 ||
				echo "not available, so left out: $package" >&2
		done
	else
		echo "not installed, so left out: ${wanted[*]}" >&2
	fi
fi
python=$venv/bench/bin/python
[ -x "$python" ] || "$venv/bin/python" -m venv "$venv/bench"
"$python" -c 'import attrs, pluggy' 2> /dev/null || "$python" -m pip install --quiet --editable .
for module in duckdb polars pyperf; do
	"$python" -c "import $module" 2> /dev/null || "$python" -m pip install --quiet "$module" ||
		echo "not available, so left out: $module" >&2
done
