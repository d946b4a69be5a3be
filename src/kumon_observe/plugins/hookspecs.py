"""The hooks that a plugin may implement. This page is their documentation.

A plugin is a module (or an object) with one or more of these functions, marked with ``hookimpl``, and an
entry point in the group ``kumon_observe`` that names it::

    # pyproject.toml of the plugin
    [project.entry-points.kumon_observe]
    quiet-hours = "kumon_quiet_hours"

The entry point's name is the plugin's name: ``plugins`` lists it, and ``disabled = ["quiet-hours"]`` under
``[plugins]`` in the configuration keeps it from being imported at all.

What holds for every hook:

* It is called several times in one process, and each time gives *fresh* objects.
* The argument ``settings`` is the whole :class:`~kumon_observe.config.settings.Settings`; a function that
  does not need it leaves it out of its signature.
* A plugin that cannot be imported, a hook that raises or gives something else than promised, an object
  without a usable name and a name that another plugin took before (built-in ones come first, then packages
  by the names of their entry points) are reported by ``plugins`` and ``doctor``. What is faulty is not
  used, everything else is. The verdict is ``unknown`` while a check or a layout is missing for it, because
  what did not look saw nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pluggy

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.protocols import Check, Parser, Sink

PROJECT: Final = "kumon_observe"
"""The project name of hooks and the group of entry points."""

hookspec = pluggy.HookspecMarker(PROJECT)
"""Marks a function as the specification of a hook; plugins need ``hookimpl`` alone."""

hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as the implementation of the hook of its name."""


@hookspec
def kumon_register_parsers(settings: Settings) -> Iterable[Parser]:  # type: ignore[empty-body]
    """Give the log layouts of this plugin.

    A layout has a ``name`` and ``explain(record)``, which gives an
    :class:`~kumon_observe.model.protocols.Explained` for a line that is a record of this layout, and
    ``None`` for any other::

        @hookimpl
        def kumon_register_parsers():
            return [Logfmt()]

    Errors: a layout whose ``explain`` raises is left out for the rest of the run and named in the reasons.
    """


@hookspec
def kumon_register_checks(settings: Settings) -> Iterable[Check]:  # type: ignore[empty-body]
    """Give the checks of this plugin.

    A check has a ``name``, ``observe(event)``, ``merge(later)`` and ``result(now)``::

        @hookimpl
        def kumon_register_checks(settings):
            return [QuietHours(settings.display_timezone)]

    Errors: a check that raises while it observes, merges or judges answers ``unknown``, with the reason;
    the others go on.
    """


@hookspec
def kumon_register_sinks(settings: Settings) -> Iterable[Sink]:  # type: ignore[empty-body]
    """Give the channels that this plugin delivers alerts to.

    A sink has a ``name`` and ``send(alert)``, which raises ``TemporarySinkError`` or ``PermanentSinkError``
    if the alert was not delivered::

        @hookimpl
        def kumon_register_sinks():
            return [Pager()]

    Errors: a sink that raises has not delivered; the other sinks are still asked. Anything but a
    ``PermanentSinkError`` counts as temporary.
    """
