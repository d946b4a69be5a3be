"""The reference of public names: which they are, their pages, and a snapshot that shows their changes."""
