"""The rhythm of the day: which job is due when, in a named zone, and what became of its runs."""
