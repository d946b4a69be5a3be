"""Writes one log and prints what it holds: ``python -m bench.logs dense 350MB app.log``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from attrs import evolve

from bench.logs.recipe import RECIPES
from bench.logs.writing import write_log
from bench.sizes import size_of


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m bench.logs", description=__doc__)
    parser.add_argument("kind", choices=RECIPES)
    parser.add_argument("size", type=size_of, help="such as 45MB or 4GB")
    parser.add_argument("path", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in-flight", type=int, default=8, help="turns that run at the same time (8)")
    parser.add_argument(
        "--planted-every", type=int, default=97, help="one turn out of so many goes wrong (97)"
    )
    parser.add_argument("--layout", choices=("dash", "basic", "json"), help="another layout than the kind's")
    given = parser.parse_args()
    recipe = evolve(
        RECIPES[given.kind],
        size=given.size,
        seed=given.seed,
        in_flight=given.in_flight,
        planted_every=given.planted_every,
        layout=given.layout or RECIPES[given.kind].layout,
    )
    print(json.dumps(write_log(given.path, recipe).to_json(), indent=1))


if __name__ == "__main__":
    main()
