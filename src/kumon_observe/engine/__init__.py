"""From sources to answers: reads records, feeds the checks, and resolves what is shown."""
