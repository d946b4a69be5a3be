"""From bytes to trace events: records, their layouts, and the grammar of the messages in them."""
