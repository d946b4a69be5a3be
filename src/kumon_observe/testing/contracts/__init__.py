"""The laws that a plugin must keep, as test classes to subclass: one for each kind of plugin."""
