"""``python -m kumon_observe`` is ``kumon-observe``."""

from __future__ import annotations

import sys

from kumon_observe.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
