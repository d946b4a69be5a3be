"""The watch as a service: texts for systemd, cron and Docker Compose, made from values alone."""
