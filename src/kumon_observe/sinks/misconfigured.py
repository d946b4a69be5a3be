"""What stands in for a sink that the configuration does not give all that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from kumon_observe.model.errors import PermanentSinkError

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert


class MisconfiguredSink:
    """Refuses every alert for its ``fault``, so that what it should have told is missed by somebody."""

    def __init__(self, name: str, fault: str) -> None:
        self.name = name
        self.fault = fault

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.fault!r})"

    def send(self, alert: Alert) -> NoReturn:
        """Refuse *alert*.

        Raises:
            PermanentSinkError: always; it says the fault.
        """
        raise PermanentSinkError(self.fault)
