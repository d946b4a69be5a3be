"""Configuration: its values, how they are found and read, and the commented file that ``init`` writes."""
