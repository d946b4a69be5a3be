"""The door through which checks, layouts and sinks come in: hooks, their marker, and the registry."""
