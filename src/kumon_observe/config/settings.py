"""Everything that can be configured, as values with their defaults; how they are read is in ``load``."""

from __future__ import annotations

from typing import Final, Literal

from attrs import field, frozen, validators

from kumon_observe.model.threshold import Threshold
from kumon_observe.model.value import Value
from kumon_observe.model.zones import named_zone

PURE: Final = "KUMON_OBSERVE_PURE"
"""The environment variable that keeps the compiled scan out, whatever it is set to; it is no option."""

_positive_seconds = validators.gt(0.0)
_positive_count = validators.gt(0)
_TRACKED = 5_000


@frozen(kw_only=True, eq=False, repr=False)
class HandoffSettings(Value):
    """``[checks.handoff]``: ``grace`` and ``keep_open`` in seconds, ``max_open`` in turns."""

    grace: float = field(default=60.0, validator=validators.ge(0))
    undelivered: Literal["warning", "critical"] = field(
        default="warning", validator=validators.in_(("warning", "critical"))
    )
    keep_open: float = field(default=86_400.0, validator=_positive_seconds)
    max_open: int = field(default=_TRACKED, validator=_positive_count)


@frozen(kw_only=True, eq=False, repr=False)
class InstanceSettings(Value):
    """``[checks.instances]``: shell-style patterns of wrong names, or the names that alone are right.

    An empty ``allowed`` means any name that no ``invalid`` pattern matches. Empty names, and names of
    digits only while ``digits_invalid``, are wrong as well.
    """

    invalid: tuple[str, ...] = ("None", "default", "thread_*")
    digits_invalid: bool = True
    allowed: tuple[str, ...] = ()
    max_tracked: int = field(default=_TRACKED, validator=_positive_count)


def _least_share(_settings: object, _attribute: object, value: Threshold) -> None:
    if value.max is not None or value.min is None or not 0 <= value.min <= 1:
        raise ValueError(f"'{value}' is no least share: write one such as '>= 95%'")


@frozen(kw_only=True, eq=False, repr=False)
class DeliverySettings(Value):
    """``[checks.delivery]``: ``grace`` in seconds, ``min_samples`` in results."""

    threshold: Threshold = field(default=Threshold(min="0.95", percent=True), validator=_least_share)
    grace: float = field(default=60.0, validator=validators.ge(0))
    min_samples: int = field(default=20, validator=validators.ge(0))
    max_open: int = field(default=_TRACKED, validator=_positive_count)


@frozen(kw_only=True, eq=False, repr=False)
class ConsistencySettings(Value):
    """``[checks.consistency]``: ``not_comparable`` is what an identifier that always differs means."""

    threshold: Threshold = field(default=Threshold(min="1", percent=True), validator=_least_share)
    not_comparable: Literal["unknown", "warning"] = field(
        default="unknown", validator=validators.in_(("unknown", "warning"))
    )
    max_open: int = field(default=_TRACKED, validator=_positive_count)


@frozen(kw_only=True, eq=False, repr=False)
class CheckSettings(Value):
    """``[checks]``: the options of the four built-in checks."""

    handoff: HandoffSettings = HandoffSettings()
    instances: InstanceSettings = InstanceSettings()
    delivery: DeliverySettings = DeliverySettings()
    consistency: ConsistencySettings = ConsistencySettings()


@frozen(kw_only=True, eq=False, repr=False)
class PluginSettings(Value):
    """``[plugins]``: ``disabled`` plugins by the name of their entry point."""

    disabled: tuple[str, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class SealingSettings(Value):
    """``[sealing]``: the secret ``key``, those that it replaced, and those of ``key_file``, one a line.

    With any, only traces that one of them sealed count. In the file the newest stands first.
    """

    key: str = field(default="", repr=False)
    old_key: tuple[str, ...] = field(default=(), repr=False)
    key_file: str = ""


def _zone(_settings: object, attribute: object, value: str) -> None:
    named_zone(value)


@frozen(kw_only=True, eq=False, repr=False)
class Settings(Value):
    """The whole configuration.

    ``sources`` are read when a command names none. ``timezone`` is the zone of log times that name none;
    ``display_timezone`` that of shown times (empty: the machine's). ``layout`` forces one log layout.
    ``max_record`` is in bytes: longer records are counted as oversized and not used.
    ``state_dir`` empty means the user's state directory.
    """

    sources: tuple[str, ...] = ()
    timezone: str = field(default="UTC", validator=_zone)
    display_timezone: str = field(default="", validator=validators.or_(validators.in_(("",)), _zone))
    lang: Literal["", "en", "pt"] = field(default="", validator=validators.in_(("", "en", "pt")))
    layout: str = ""
    limit: int = field(default=100, validator=validators.ge(0))
    trusted_loggers: tuple[str, ...] = ("app.*", "kumon_observe.*")
    max_record: int = field(default=1 << 20, validator=validators.ge(4096))
    state_dir: str = ""
    checks: CheckSettings = CheckSettings()
    plugins: PluginSettings = PluginSettings()
    sealing: SealingSettings = SealingSettings()
