"""Benchmarks: logs with known answers, the shell and data tools that an expert would use, and a fair race."""
