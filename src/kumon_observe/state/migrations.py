"""The tables of the state file, as each release made them of those before."""

from __future__ import annotations

from typing import Final

MIGRATIONS: Final = (
    """
    CREATE TABLE cursors (
        key TEXT PRIMARY KEY,
        saved_at INTEGER NOT NULL,
        digest BLOB NOT NULL,
        value BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        sink TEXT NOT NULL,
        incident TEXT NOT NULL,
        news TEXT NOT NULL,
        urgency INTEGER NOT NULL,
        alert TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting',
        enqueued_at INTEGER NOT NULL,
        set_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        tried_at INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        failing INTEGER NOT NULL DEFAULT 0,
        handed INTEGER NOT NULL DEFAULT 0,
        owner TEXT,
        until INTEGER,
        error TEXT,
        UNIQUE (key, sink)
    )
    """,
    "CREATE INDEX outbox_waiting ON outbox (sink, incident, id) WHERE state = 'waiting'",
    "CREATE INDEX outbox_tried ON outbox (sink, tried_at)",
    """
    CREATE TABLE outbox_sinks (
        sink TEXT PRIMARY KEY,
        asked_at INTEGER,
        rest_until INTEGER,
        succeeded_at INTEGER,
        failed_at INTEGER,
        error TEXT
    )
    """,
    """
    CREATE TABLE incidents (
        id TEXT PRIMARY KEY,
        rule TEXT NOT NULL,
        open INTEGER NOT NULL,
        broken INTEGER NOT NULL,
        ended INTEGER,
        value TEXT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX incidents_open ON incidents (rule) WHERE open",
    """
    CREATE TABLE rules (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE findings (
        number INTEGER PRIMARY KEY,
        rule TEXT NOT NULL,
        identity TEXT NOT NULL,
        UNIQUE (rule, identity)
    )
    """,
    """
    CREATE TABLE silences (
        id TEXT PRIMARY KEY,
        until INTEGER NOT NULL,
        value TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE jobs (
        job TEXT PRIMARY KEY,
        line TEXT NOT NULL,
        handled INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE job_runs (
        job TEXT NOT NULL,
        planned INTEGER NOT NULL,
        runs INTEGER NOT NULL,
        owner TEXT,
        tries INTEGER NOT NULL,
        begun INTEGER,
        ended INTEGER,
        outcome TEXT,
        detail TEXT NOT NULL,
        PRIMARY KEY (job, planned)
    )
    """,
    """
    CREATE TABLE checklist_acks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        profile TEXT NOT NULL,
        shift INTEGER NOT NULL,
        item TEXT NOT NULL,
        by TEXT NOT NULL,
        at INTEGER NOT NULL,
        comment TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE checklist_results (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        profile TEXT NOT NULL,
        shift INTEGER NOT NULL,
        at INTEGER NOT NULL,
        status TEXT NOT NULL,
        items TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE sink_texts (
        sink TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        kept_at INTEGER NOT NULL,
        PRIMARY KEY (sink, name)
    )
    """,
)
"""What makes each version (SQLite's ``user_version``) of the one before it; never changed, only added to."""
