"""How a message stands in each layout: :mod:`kumon_observe.testing.rendering`."""

from __future__ import annotations

from kumon_observe.testing.rendering import LAYOUTS, VARIANTS, Fact, Variant, docker_chunks, render, wrap

__all__ = ["LAYOUTS", "VARIANTS", "Fact", "Variant", "docker_chunks", "render", "wrap"]
