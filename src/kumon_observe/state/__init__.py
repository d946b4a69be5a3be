"""What this library keeps between runs: one SQLite file in the state directory."""
