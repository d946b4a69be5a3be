"""Seals: a keyed hash at the end of a trace, which only who has the key can write.

The last field of a sealed trace is ``seal=KEY.HASH``: the id of the key, and 128 bits of HMAC-SHA256 (RFC
2104) over all that stands before, as base64url. A seal says who wrote the trace. It does not say when, or
how often: a sealed line that is written a second time is not told from the first one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kumon_observe.model.fields import SEAL

if TYPE_CHECKING:
    from kumon_observe.config.settings import SealingSettings
    from kumon_observe.model.phrase import Phrase

LEAST_KEY: Final = 32
"""How many bytes a key must have at least."""

_FIELD: Final = f"|{SEAL}="
_PURPOSE: Final = b"kumon-observe seal 1\n"
_PURPOSE_OF_ID: Final = b"kumon-observe key id 1\n"
_HASH_BYTES: Final = 16
_ID_BYTES: Final = 4


class Sealer:
    """Seals traces with the first of its *keys*, and verifies those that any of them sealed.

    To rotate, put the new key in front; drop the old one when no log is read any more that it sealed.

    Args:
        keys: secrets of at least 32 bytes each, the newest first; texts are taken as UTF-8.

    Raises:
        ValueError: there is no key, or one is too short. The message does not tell it.
    """

    def __init__(self, *keys: str | bytes) -> None:
        if not keys:
            raise ValueError("sealing needs a key: give one")
        secrets = [key.encode() if isinstance(key, str) else bytes(key) for key in keys]
        for number, secret in enumerate(secrets, start=1):
            if len(secret) < LEAST_KEY:
                raise ValueError(
                    f"sealing key {number} has {len(secret)} bytes, and {LEAST_KEY} are needed: "
                    "make one with openssl rand -hex 32"
                )
        self._newest = secrets[0]
        self._keys = {_id_of(secret): secret for secret in reversed(secrets)}

    @classmethod
    def of(cls, settings: SealingSettings) -> Sealer | None:
        """The one with the configured keys; ``None`` if none is configured.

        Raises:
            ConfigError: a key is too short, or the file with the keys cannot be used.
        """
        if not (settings.key or settings.old_key or settings.key_file):
            return None
        from kumon_observe.config.sealing import sealing_keys
        from kumon_observe.model.errors import ConfigError

        try:
            return cls(*sealing_keys(settings))
        except ValueError as error:
            raise ConfigError(f"[sealing]: {error}") from None

    @property
    def ids(self) -> tuple[str, ...]:
        """The public ids of the keys, the newest first; no key can be made of one."""
        return tuple(reversed(self._keys))

    def seal(self, message: str) -> str:
        """*message*, a trace with escaped values, with the seal behind it."""
        return f"{message}{_FIELD}{_id_of(self._newest)}.{_hash(self._newest, message)}"

    def fault(self, message: str) -> Phrase | None:
        """Why the trace *message* does not count where traces are sealed; ``None`` if its seal is right."""
        from kumon_observe.model.phrase import phrase

        body, field, seal = message.partition(_FIELD)
        if not field:
            return phrase("it has no seal")
        key_id, _, given = seal.partition(".")
        key = self._keys.get(key_id)
        if key is None:
            return phrase("its seal is of no key that is known")
        import hmac

        if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), _hash(key, body).encode()):
            return phrase("its seal is wrong")
        return None


def _id_of(key: bytes) -> str:
    import hmac

    return hmac.digest(key, _PURPOSE_OF_ID, "sha256")[:_ID_BYTES].hex()


def _hash(key: bytes, message: str) -> str:
    import hmac
    from base64 import urlsafe_b64encode

    told = _PURPOSE + message.encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(hmac.digest(key, told, "sha256")[:_HASH_BYTES]).rstrip(b"=").decode()
