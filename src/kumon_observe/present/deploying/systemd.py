"""A systemd unit (systemd.service(5), systemd.exec(5)) that can do what the watch does, and little else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kumon_observe.model.deployment import Deployment

FILE: Final = "kumon-observe.service"
_STATE: Final = "/var/lib/kumon-observe"
_HOMES: Final = ("/home/", "/root/", "/run/user/")
_TEMPORARY: Final = ("/tmp/", "/var/tmp/")  # noqa: S108 - compared with, not written to

_BOUNDS: Final = """\
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0077
"""


def unit(watch: Deployment) -> str:
    """The text of the unit. The state lies in ``StateDirectory`` unless the configuration chose its place."""
    state = watch.state if watch.state_is_chosen else _STATE
    paths = [watch.folder, *watch.read, *watch.written, watch.config, *watch.program]
    written = [*watch.written, *([state] if watch.state_is_chosen else [])]
    heading = "".join(f"# {line}\n" for line in watch.remarks(FILE))
    return f"""\
{heading}# Put it into /etc/systemd/system, then:
#   systemctl daemon-reload && systemctl enable --now kumon-observe
# Secrets: /etc/kumon-observe.env, lines NAME=value, readable by root alone.
# A shell hook runs in the same bounds as the watch: what it has to write to goes into ReadWritePaths.

[Unit]
Description=kumon-observe watches the logs of the Kumon Assistant
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
User={_value(watch.user)}
WorkingDirectory={_value(watch.folder)}
Environment={_quoted(f"KUMON_OBSERVE_STATE_DIR={state}")}
EnvironmentFile=-/etc/kumon-observe.env
ExecStart={" ".join(_argument(word) for word in (*watch.program, *watch.arguments))}
ExecReload=/bin/kill -HUP $MAINPID
WatchdogSec=60
TimeoutStopSec=10
Restart=always
RestartSec=5
SuccessExitStatus=0 1 2 3
RestartPreventExitStatus=64 78

{_BOUNDS}ProtectHome={"read-only" if _any_in(_HOMES, [*paths, state]) else "yes"}
PrivateTmp={"no" if _any_in(_TEMPORARY, [*paths, state]) else "yes"}
{"" if watch.state_is_chosen else _OWN_STATE}{_paths("ReadOnlyPaths", set(watch.read) - set(written))}\
{_paths("ReadWritePaths", written)}
[Install]
WantedBy=multi-user.target
"""


_OWN_STATE: Final = """\
StateDirectory=kumon-observe
StateDirectoryMode=0700
"""


def _paths(name: str, paths: Iterable[str]) -> str:
    """One line for each path; a missing one (``-``) is no error."""
    return "".join(f"{name}={_quoted('-' + path)}\n" for path in sorted(set(paths)))


def _any_in(folders: tuple[str, ...], paths: Iterable[str]) -> bool:
    return any(f"{path}/".startswith(folders) for path in paths)


def _argument(word: str) -> str:
    """A word of a command line: ``$`` would be a variable."""
    return _quoted(word.replace("$", "$$"))


def _quoted(word: str) -> str:
    """*word*, quoted where it has to be; ``%`` would be a specifier."""
    word = _value(word)
    if any(sign in word for sign in " \t\"'\\;"):
        return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return word


def _value(text: str) -> str:
    return text.replace("%", "%%")
