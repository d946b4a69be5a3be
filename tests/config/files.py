"""Configuration files, and what is loaded from them."""

from __future__ import annotations

from pathlib import Path

from kumon_observe.config.load import LoadedSettings, load_settings


def write(folder: Path, text: str, name: str = "kumon-observe.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str | None = None, **environ: str) -> LoadedSettings:
    if text is not None:
        write(folder, text)
    return load_settings(environ=environ, cwd=folder)
