"""Rules, incidents and who is told: from what the checks say to the notifications that wait to be sent."""
