# As fast as awk gets: fields by their place, one open turn a conversation. Right for these releases' order of
# fields and while no conversation has two turns open; handoff.awk needs neither.
BEGIN {
	FS = "|"
	trace = lead "OUTBOX_TRACE$"
}

$2 == "phase=planner" && $1 ~ trace {
	planned[$3] = NF == 7 ? substr($7, 7) + 0 : substr($6, 14) + 0
	next
}

$2 == "phase=delivery" && $1 ~ trace {
	if ($3 in planned) {
		if (planned[$3] && substr($7, 7) + 0 == 0) lost++
		delete planned[$3]
	}
	next
}

$3 == "status=success" { success++; next }
$3 == "status=failed" { failed++ }

END { print lost + 0, success + 0, failed + 0 }
