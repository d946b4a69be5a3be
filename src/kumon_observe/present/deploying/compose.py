"""A service for Docker Compose (the Compose specification)."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from kumon_observe.model.deployment import Deployment
from kumon_observe.model.watched import FRESH

FILE: Final = "compose.kumon-observe.yaml"
_STATE: Final = "/var/lib/kumon-observe"
_EXTRAS: Final = "cli,config,schedule,slack,http,notify,zstd"


def service(watch: Deployment) -> str:
    """The text of the file: paths within the container are those of the machine, but for the state.

    The container is healthy while the heartbeat is fresh: that the app is ill does not
    make its watch ill.
    """
    beat = watch.heartbeat.replace(watch.state, _STATE, 1)
    alive = f'test -n "$(find {shlex.quote(beat)} -mmin -{FRESH // timedelta(minutes=1)})"'
    volumes = [_mount(watch.state, _STATE, writable=True)]
    volumes += [_mount(each, each, writable=True) for each in sorted(set(watch.written))]
    volumes += [_mount(each, each) for each in sorted(set(watch.read) - set(watch.written))]
    if watch.config:
        volumes.append(_mount(watch.config, watch.config))
    heading = "".join(f"# {line}\n" for line in watch.remarks(FILE))
    return f"""\
{heading}# docker compose -f {FILE} up -d
# Secrets: kumon-observe.env beside this file, lines NAME=value.
services:
  kumon-observe:
    build:
      context: .
      dockerfile_inline: |
        FROM python:3.13-slim
        RUN pip install --no-cache-dir "kumon-observe[{_EXTRAS}]=={watch.release}"
    init: true
    user: {_text(f"{watch.uid}:{watch.gid}")}
    working_dir: {_text(watch.folder)}
    command: {_list(("kumon-observe", *watch.arguments))}
    environment:
      KUMON_OBSERVE_STATE_DIR: {_text(_STATE)}
    env_file:
      - path: kumon-observe.env
        required: false
    volumes:
{"".join(volumes)}\
    read_only: true
    tmpfs:
      - /tmp
    cap_drop:
      - ALL
    security_opt:
      - no-new-privileges:true
    pids_limit: 64
    mem_limit: 256m
    restart: unless-stopped
    stop_grace_period: 10s
    healthcheck:
      test: {_list(("CMD-SHELL", alive))}
      interval: 60s
      timeout: 10s
      start_period: 60s
      retries: 2
    logging:
      driver: json-file
      options:
        max-size: 10m
        max-file: "3"
"""


def _mount(source: str, target: str, *, writable: bool = False) -> str:
    return f"""\
      - type: bind
        source: {_text(source)}
        target: {_text(target)}
        read_only: {"false" if writable else "true"}
        bind:
          create_host_path: false
"""


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(_text(word) for word in words)}]"


def _text(text: str) -> str:
    """A quoted text of YAML, which JSON's are too; ``$`` would be a variable."""
    return json.dumps(text).replace("$", "$$")
