#!/usr/bin/env bash
# Installs the servers and programs that tests ask, with apt-get where that is possible. None is left out: without
# one of them its tests fail. No service is started, now or at the next boot: tests start what they need themselves.
set -euo pipefail
missing=()
for pair in logrotate:logrotate prometheus-alertmanager:prometheus-alertmanager systemd-analyze:systemd; do
	PATH=$PATH:/usr/sbin command -v "${pair%%:*}" > /dev/null || missing+=("${pair##*:}")
done
if [ ${#missing[@]} -eq 0 ]; then
	exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
	echo "the tests need these programs: install ${missing[*]}, then call make again" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update > /dev/null
# Debian's packages start their service unless this program, which a container may bring along, forbids it.
policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
if [ ! -e "$policy" ]; then
	trap 'rm -f "$policy"' EXIT
	printf '#!/bin/sh\nexit 101\n' > "$policy"
	chmod +x "$policy"
fi
apt-get install -y --no-install-recommends "${missing[@]}" > /dev/null
case " ${missing[*]} " in
*" prometheus-alertmanager "*) systemctl --quiet disable prometheus-alertmanager 2> /dev/null || true ;;
esac
