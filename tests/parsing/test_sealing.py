"""A seal is right only for the whole message, whole, at its end, with a key that is known."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given, strategies as st

from kumon_observe import emit
from kumon_observe.config.settings import SealingSettings
from kumon_observe.parsing.sealing import Sealer
from tests.emitting import KEY, OLD_KEY, emitting

SEALER = Sealer(KEY)


def message(conv: str = "c1", count: int = 0) -> str:
    with emitting():
        return emit.text.delivery(count=count, conv=conv, idem="k1", turn="t1")


SEALED = SEALER.seal(message())


def fault(text: str, sealer: Sealer = SEALER) -> str | None:
    found = sealer.fault(text)
    return None if found is None else str(found)


def hmac_sha256(key: bytes, told: bytes) -> bytes:
    """RFC 2104, by hand."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + told).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()


def test_a_seal_is_the_id_of_its_key_and_128_bits_of_hmac_sha256() -> None:
    code = hmac_sha256(KEY.encode(), b"kumon-observe seal 1\n" + message().encode())[:16]
    (key_id,) = SEALER.ids
    assert key_id == hmac_sha256(KEY.encode(), b"kumon-observe key id 1\n")[:4].hex()
    assert f"{message()}|seal={key_id}.{urlsafe_b64encode(code).decode().rstrip('=')}" == SEALED


def test_a_right_seal_has_no_fault() -> None:
    assert fault(SEALED) is None


def test_a_trace_without_a_seal_is_told_so() -> None:
    assert fault(message()) == "it has no seal"
    assert fault(SEALED.partition("|seal")[0]) == "it has no seal"


@given(place=st.integers(0, len(SEALED) - 1), other=st.characters(codec="utf-8"))
def test_a_seal_does_not_survive_one_other_character(place: int, other: str) -> None:
    changed = SEALED[:place] + other + SEALED[place + 1 :]
    assert (fault(changed) is None) == (changed == SEALED)


@given(place=st.integers(0, len(SEALED)), more=st.text(min_size=1))
def test_nor_one_that_is_added_or_left_out(place: int, more: str) -> None:
    assert fault(SEALED[:place] + more + SEALED[place:]) is not None
    assert place == len(SEALED) or fault(SEALED[:place] + SEALED[place + 1 :]) is not None


def test_a_seal_that_was_moved_is_wrong() -> None:
    body, _, seal = SEALED.rpartition("|")
    head, _, rest = body.partition("|conv=")
    assert fault(f"{head}|{seal}|conv={rest}") == "its seal is wrong"


def test_of_two_seals_none_is_right() -> None:
    seal = SEALED.rpartition("|")[2]
    assert fault(f"{SEALED}|{seal}") == "its seal is wrong"
    assert fault(f"{message()}|seal=x|{seal}") == "its seal is of no key that is known"
    twice = SEALER.seal(SEALED)
    assert fault(twice) == "its seal is wrong"


def test_the_seal_of_another_message_is_wrong() -> None:
    seal = SEALER.seal(message(count=1)).rpartition("|")[2]
    assert fault(f"{message()}|{seal}") == "its seal is wrong"


def test_an_unknown_key_is_told_from_a_wrong_seal() -> None:
    assert fault(Sealer(OLD_KEY).seal(message())) == "its seal is of no key that is known"
    (known,) = SEALER.ids
    hash_of_another = Sealer(OLD_KEY).seal(message()).rpartition(".")[2]
    assert fault(f"{message()}|seal={known}.{hash_of_another}") == "its seal is wrong"


def test_the_newest_key_seals_and_all_verify() -> None:
    old, rotated = Sealer(OLD_KEY), Sealer(KEY, OLD_KEY)
    assert rotated.ids == (*SEALER.ids, *old.ids)
    assert rotated.seal(message()) == SEALED
    assert fault(old.seal(message()), rotated) is None
    assert fault(SEALED, rotated) is None


def test_any_text_can_be_asked_about() -> None:
    for text in ("", "|seal=", "|seal=\ud83d.\ud83d", f"x|seal={SEALER.ids[0]}.\ud83d", "é|seal=é.é"):
        assert fault(text) is not None


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ((), "sealing needs a key: give one"),
        (("short",), "sealing key 1 has 5 bytes, and 32 are needed: make one with openssl rand -hex 32"),
        ((KEY, ""), "sealing key 2 has 0 bytes, and 32 are needed: make one with openssl rand -hex 32"),
    ],
)
def test_a_key_that_is_none_is_refused_and_not_told(keys: tuple[str, ...], told: str) -> None:
    with pytest.raises(ValueError, match=f"^{told}$"):
        Sealer(*keys)


def test_nothing_shows_a_key() -> None:
    settings = SealingSettings(key=KEY, old_key=(OLD_KEY,))
    for shown in (repr(SEALER), str(SEALER), repr(settings), *SEALER.ids, SEALED):
        assert KEY not in shown
        assert OLD_KEY not in shown


def test_without_a_key_nothing_is_sealed() -> None:
    assert Sealer.of(SealingSettings()) is None
