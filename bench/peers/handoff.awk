# The hand-off rules as docs/traces.md has them (4.1 to 4.3): fields are read by name; a short planner line
# belongs to the open turn with its state; a delivery takes the open turn of its key, else that with the same
# outbox, else the same state, else the latest.
# Input: every line that holds an OUTBOX_TRACE or the result of a send; it counts where lead stands right
# before. json=1: what follows the message is cut.
BEGIN {
	FS = "|"
	outbox_trace = lead "OUTBOX_TRACE"
	delivery_trace = lead "DELIVERY_TRACE"
}

{
	if (ends_with(delivery_trace)) {
		if (index($0, "|status=success|")) success++
		else if (index($0, "|status=failed|")) failed++
		next
	}
	if (!ends_with(outbox_trace)) next
	field["idem"] = "unknown"
	for (i = 2; i <= NF; i++) {
		equals = index($i, "=")
		field[substr($i, 1, equals - 1)] = substr($i, equals + 1)
	}
	if (json) {
		equals = index($NF, "=")
		end = index($NF, "\"")
		field[substr($NF, 1, equals - 1)] = substr($NF, equals + 1, end - equals - 1)
	}
}

field["phase"] == "planner" {
	conv = field["conv"]
	short = $NF ~ /^outbox_count=/
	n = split(open[conv], turns, " ")
	for (i = n; i > 0; i--) if (same_turn(turns[i])) break
	if (i > 0) turn = turns[i]
	else {
		turn = ++last
		open[conv] = open[conv] " " turn
		idem[turn] = field["idem"]
		state[turn] = field["state_id"]
	}
	if (short) planned[turn] = field["outbox_count"] + 0
	else {
		planned[turn] = field["count"] + 0
		outbox[turn] = field["outbox_id"]
	}
	next
}

field["phase"] == "delivery" {
	conv = field["conv"]
	n = split(open[conv], turns, " ")
	turn = chosen()
	if (!turn) next
	if (planned[turn] >= 1 && field["count"] + 0 == 0) lost++
	rest = ""
	for (i = 1; i <= n; i++) if (turns[i] != turn && !superseded) rest = rest " " turns[i]
	if (rest == "") delete open[conv]
	else open[conv] = rest
	delete planned[turn]; delete idem[turn]; delete outbox[turn]; delete state[turn]
}

END { print lost + 0, success + 0, failed + 0 }

function ends_with(text) {
	return substr($1, length($1) - length(text) + 1) == text
}

function same_turn(turn) {
	if (short) return state[turn] == field["state_id"]
	if (field["idem"] != "unknown" && idem[turn] != "unknown") return idem[turn] == field["idem"]
	return outbox[turn] == field["outbox_id"]
}

function chosen(  i) {
	superseded = 0
	if (field["idem"] != "unknown")
		for (i = n; i > 0; i--) if (idem[turns[i]] == field["idem"]) { exact = 1; return turns[i] }
	if (exact && field["idem"] != "unknown") return 0
	for (i = n; i > 0; i--) if (outbox[turns[i]] == field["outbox_id"]) return turns[i]
	for (i = n; i > 0; i--) if (state[turns[i]] == field["state_id"]) return turns[i]
	superseded = 1
	return n ? turns[n] : 0
}
