"""Everything that can be configured, as values with their defaults; how they are read is in ``load``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from attrs import field, frozen, validators

from kumon_observe.config.table import ANY_COUNT, COUNT, SECONDS, SOME_SECONDS, Table
from kumon_observe.model.threshold import Threshold
from kumon_observe.model.zones import named_zone

if TYPE_CHECKING:
    from kumon_observe.config.alerting import AlertingSettings, RouteSettings
    from kumon_observe.config.archiving import ArchiveSettings
    from kumon_observe.config.channels import SinkSettings
    from kumon_observe.config.rules import RuleSettings
    from kumon_observe.config.watching import JobSettings, ScheduleSettings, WatchSettings

PURE: Final = "KUMON_OBSERVE_PURE"
"""The environment variable that keeps the compiled scan out, whatever it is set to; it is no option."""

_TRACKED = 5_000


@frozen(kw_only=True, eq=False, repr=False)
class HandoffSettings(Table):
    """``[checks.handoff]`` (TRACES section 4).

    Attributes:
        grace: seconds until a turn without a delivery is undelivered.
        undelivered: the status that such a turn gives.
        keep_open: seconds until an open turn is given up, and counted as evicted.
        max_open: how many turns may be open before the oldest is given up.
    """

    grace: float = field(default=60.0, validator=SECONDS)
    undelivered: Literal["warning", "critical"] = field(
        default="warning", validator=validators.in_(("warning", "critical"))
    )
    keep_open: float = field(default=86_400.0, validator=SOME_SECONDS)
    max_open: int = field(default=_TRACKED, validator=COUNT)


@frozen(kw_only=True, eq=False, repr=False)
class InstanceSettings(Table):
    """``[checks.instances]`` (TRACES section 5). Empty names are wrong, whatever is configured.

    Attributes:
        invalid: shell-style patterns of wrong names.
        digits_invalid: names of digits only are wrong as well.
        allowed: the names that alone are right; empty: any that is not wrong.
        max_tracked: how many violations are told apart; further ones are only counted.
    """

    invalid: tuple[str, ...] = ("None", "default", "thread_*")
    digits_invalid: bool = True
    allowed: tuple[str, ...] = ()
    max_tracked: int = field(default=_TRACKED, validator=COUNT)


def _least_share(_settings: object, _attribute: object, value: Threshold) -> None:
    if value.max is not None or value.min is None or not 0 <= value.min <= 1:
        raise ValueError(f"'{value}' is no least share: write one such as '>= 95%'")


@frozen(kw_only=True, eq=False, repr=False)
class DeliverySettings(Table):
    """``[checks.delivery]`` (TRACES section 6).

    Attributes:
        threshold: the least share of results that must be a success.
        grace: seconds until a send without a result is unresolved.
        min_samples: with fewer results the answer says that it rests on few.
        max_open: how many sends may be open before the oldest is given up.
    """

    threshold: Threshold = field(default=Threshold(min="0.95", percent=True), validator=_least_share)
    grace: float = field(default=60.0, validator=SECONDS)
    min_samples: int = field(default=20, validator=ANY_COUNT)
    max_open: int = field(default=_TRACKED, validator=COUNT)


@frozen(kw_only=True, eq=False, repr=False)
class ConsistencySettings(Table):
    """``[checks.consistency]`` (TRACES section 7).

    Attributes:
        threshold: the least share of pairs that must be consistent.
        not_comparable: the status that an identifier which always differs gives.
        max_open: how many planner traces may wait for their delivery before the oldest is given up.
    """

    threshold: Threshold = field(default=Threshold(min="1", percent=True), validator=_least_share)
    not_comparable: Literal["unknown", "warning"] = field(
        default="unknown", validator=validators.in_(("unknown", "warning"))
    )
    max_open: int = field(default=_TRACKED, validator=COUNT)


@frozen(kw_only=True, eq=False, repr=False)
class CheckSettings(Table):
    """``[checks]``: ``handoff``, ``instances``, ``delivery`` and ``consistency``, the built-in checks."""

    handoff: HandoffSettings = HandoffSettings()
    instances: InstanceSettings = InstanceSettings()
    delivery: DeliverySettings = DeliverySettings()
    consistency: ConsistencySettings = ConsistencySettings()


@frozen(kw_only=True, eq=False, repr=False)
class PluginSettings(Table):
    """``[plugins]``: ``disabled`` plugins by the name of their entry point."""

    disabled: tuple[str, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class SealingSettings(Table):
    """``[sealing]``: the secret ``key``, each ``old_key`` that it replaced, and those of ``key_file``.

    With any, only traces that one of them sealed count. The file has one a line, the newest first.
    """

    key: str = field(default="", repr=False)
    old_key: tuple[str, ...] = field(default=(), repr=False)
    key_file: str = ""


def _zone(_settings: object, attribute: object, value: str) -> None:
    named_zone(value)


@frozen(kw_only=True, eq=False, repr=False)
class Settings(Table):
    """The whole configuration.

    Attributes:
        sources: are read when a command names none.
        timezone: the zone of log times that name none.
        display_timezone: the zone of shown times; empty: the machine's.
        lang: the language of the screen; empty: the locale's.
        layout: the one log layout to accept; empty: each record is explained on its own.
        limit: how many violations of a check are listed.
        trusted_loggers: shell-style patterns of the loggers whose traces count (TRACES section 2).
        max_record: in bytes: longer records are counted as oversized and not used.
        state_dir: where state is kept between runs; empty: the user's state directory.
        checks: the options of the built-in checks.
        plugins: which plugins are used.
        sealing: the keys with which traces are sealed, if they are.

    What only the watch and its alerts need is loaded when it is first asked for.
    """

    sources: tuple[str, ...] = ()
    timezone: str = field(default="UTC", validator=_zone)
    display_timezone: str = field(default="", validator=validators.or_(validators.in_(("",)), _zone))
    lang: Literal["", "en", "pt"] = field(default="", validator=validators.in_(("", "en", "pt")))
    layout: str = ""
    limit: int = field(default=100, validator=ANY_COUNT)
    trusted_loggers: tuple[str, ...] = ("app.*", "kumon_observe.*")
    max_record: int = field(default=1 << 20, validator=validators.ge(4096))
    state_dir: str = ""
    checks: CheckSettings = CheckSettings()
    plugins: PluginSettings = PluginSettings()
    sealing: SealingSettings = SealingSettings()
    _watch: WatchSettings | None = None
    _rules: Mapping[str, RuleSettings] | None = None
    _alerting: AlertingSettings | None = None
    _routes: Mapping[str, RouteSettings] | None = None
    _sinks: SinkSettings | None = None
    _schedule: ScheduleSettings | None = None
    _jobs: Mapping[str, JobSettings] | None = None
    _archive: ArchiveSettings | None = None

    def __hash__(self) -> int:
        """Of some of what is compared: the tables by name are mappings, which have none."""
        return hash((self.sources, self.timezone, self.limit, self.state_dir, self.checks, self.sealing))

    def _compared(self) -> list[str]:
        """Late tables by their properties: one that was set to its default equals one that was not."""
        return [name.removeprefix("_") for name in super()._compared()]

    @property
    def watch(self) -> WatchSettings:
        """``[watch]``: the monitor."""
        from kumon_observe.config.watching import WatchSettings

        return self._watch or WatchSettings()

    @property
    def rules(self) -> Mapping[str, RuleSettings]:
        """``[rules.NAME]``: when an answer of a check becomes an incident."""
        from kumon_observe.config.rules import RULES

        return RULES if self._rules is None else self._rules

    @property
    def alerting(self) -> AlertingSettings:
        """``[alerting]``: how incidents are told."""
        from kumon_observe.config.alerting import AlertingSettings

        return self._alerting or AlertingSettings()

    @property
    def routes(self) -> Mapping[str, RouteSettings]:
        """``[routes.NAME]``: which alerts the sink of that name gets."""
        return self._routes or {}

    @property
    def sinks(self) -> SinkSettings:
        """``[sinks.NAME]``: where alerts are sent."""
        from kumon_observe.config.channels import SinkSettings

        return self._sinks or SinkSettings()

    @property
    def schedule(self) -> ScheduleSettings:
        """``[schedule]``: the zone and the folders of what is done by the clock."""
        from kumon_observe.config.watching import ScheduleSettings

        return self._schedule or ScheduleSettings()

    @property
    def jobs(self) -> Mapping[str, JobSettings]:
        """``[jobs.NAME]``: what is done when."""
        from kumon_observe.config.watching import JOBS

        return JOBS if self._jobs is None else self._jobs

    @property
    def archive(self) -> ArchiveSettings:
        """``[archive]``: how logs are archived."""
        from kumon_observe.config.archiving import ArchiveSettings

        return self._archive or ArchiveSettings()
