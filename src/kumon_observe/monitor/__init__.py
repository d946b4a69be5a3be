"""The monitor: follows logs, judges them, makes incidents of what it finds, and tells of them."""
