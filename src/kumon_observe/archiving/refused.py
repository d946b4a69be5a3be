"""Why a log is not archived, as an exception within this room."""

from __future__ import annotations

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.status import Status


class Refused(Exception):
    """Nothing was cut; ``sentence`` says why and what to do, about "it".

    ``status``: ``OK`` where there is nothing to do, ``UNKNOWN`` where there is no log to look at.
    """

    def __init__(self, sentence: Sentence, status: Status = Status.WARNING) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.status = status
