"""Makes room: a log's whole lines go into a compressed file, which is verified before anything is cut."""
