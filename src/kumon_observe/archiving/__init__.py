"""What makes room: a log's whole lines go into a compressed file beside it, verified before anything is cut."""
