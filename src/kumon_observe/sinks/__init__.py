"""Channels that deliver alerts: one file each."""
