"""The monitor: what is watched, and whether those who watch do."""
