"""Logs of any size whose right answers are known, because they were booked while the log was played."""

from __future__ import annotations

from bench.logs.known import Known
from bench.logs.recipe import RECIPES, Recipe
from bench.logs.writing import text_of, write_log

__all__ = ["RECIPES", "Known", "Recipe", "text_of", "write_log"]
