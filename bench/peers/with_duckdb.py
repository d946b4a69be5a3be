"""DuckDB: lines as a table of one column, turns paired by a window over each conversation."""

from __future__ import annotations

import sys

import duckdb

_QUERY = """
WITH traces AS (
    SELECT row_number() OVER () AS n, line
    FROM read_csv($log, columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '',
                  header = false, auto_detect = false, max_line_size = 1048576, strict_mode = false)
    WHERE contains(line, $outbox) OR contains(line, $result)
), outbox AS (
    SELECT n,
           contains(line, '|phase=delivery|') AS delivery,
           regexp_extract(line, 'count=([0-9]+)', 1)::INTEGER AS count,
           regexp_extract(line, '[|]conv=([^|]*)', 1) AS conv
    FROM traces WHERE contains(line, $outbox)
), paired AS (
    SELECT delivery, count,
           lag(delivery) OVER turns AS delivered_before, lag(count) OVER turns AS planned
    FROM outbox WINDOW turns AS (PARTITION BY conv ORDER BY n)
)
SELECT (SELECT count(*) FROM paired
        WHERE delivery AND count = 0 AND NOT delivered_before AND planned >= 1),
       (SELECT count(*) FROM traces WHERE contains(line, $result) AND contains(line, '|status=success|')),
       (SELECT count(*) FROM traces WHERE contains(line, $result) AND contains(line, '|status=failed|'))
"""


def main(log: str, lead: str) -> None:
    """Print what was lost, sent and refused."""
    given = {"log": log, "outbox": f"{lead}OUTBOX_TRACE|", "result": f"{lead}DELIVERY_TRACE|action=result|"}
    found = duckdb.execute(_QUERY, given).fetchone()
    print(*(found or ()))


if __name__ == "__main__":
    main(*sys.argv[1:3])
