"""The four built-in checks; each judges trace rows as a mergeable state machine."""
