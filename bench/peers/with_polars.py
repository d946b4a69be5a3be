"""Polars: lines as a lazy frame of one column, turns paired by a shift within each conversation."""

from __future__ import annotations

import sys

import polars as pl


def main(log: str, lead: str) -> None:
    """Print what was lost, sent and refused."""
    line = pl.col("line")
    is_outbox = line.str.contains(f"{lead}OUTBOX_TRACE|", literal=True)
    is_result = line.str.contains(f"{lead}DELIVERY_TRACE|action=result|", literal=True)
    traces = (
        pl.scan_csv(
            log,
            separator="\x01",
            has_header=False,
            quote_char=None,
            schema={"line": pl.String},
            encoding="utf8-lossy",
        )
        .filter(is_outbox | is_result)
        .with_columns(outbox=is_outbox)
        .collect(engine="streaming")
    )
    results = traces.filter(~pl.col("outbox")).select(
        success=line.str.contains("|status=success|", literal=True).sum(),
        failed=line.str.contains("|status=failed|", literal=True).sum(),
    )
    outbox = traces.filter("outbox").select(
        delivery=line.str.contains("|phase=delivery|", literal=True),
        count=line.str.extract(r"count=([0-9]+)").cast(pl.Int32),
        conv=line.str.extract(r"[|]conv=([^|]*)"),
    )
    before = outbox.select(pl.col("delivery", "count").shift().over("conv").name.suffix("_before"))
    lost = pl.concat([outbox, before], how="horizontal").filter(
        pl.col("delivery")
        & (pl.col("count") == 0)
        & ~pl.col("delivery_before")
        & (pl.col("count_before") >= 1)
    )
    print(lost.height, *results.row(0))


if __name__ == "__main__":
    main(*sys.argv[1:3])
