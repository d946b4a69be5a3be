"""Values that every room shares; this room knows no other."""
