"""Logs inside archives, as the guide's night backup makes them (``tar -czf app-20250115.tar.gz app.log``)."""

from __future__ import annotations

import os
from contextlib import closing
from posixpath import basename, dirname

from attrs import frozen

from kumon_observe.model.phrase import phrase
from kumon_observe.reading.expansion import Asked
from kumon_observe.reading.files import identity
from kumon_observe.reading.findings import Blocks, Content, Findings
from kumon_observe.reading.logfile import LogFile
from kumon_observe.reading.names import shown
from kumon_observe.reading.placing import Opened, failed, place_of
from kumon_observe.reading.rotation import looks_like_log, parse_name
from kumon_observe.reading.tar import Member, members


@frozen
class ArchiveMember:
    """The member at *index* of an archive whose tar stream is *archive*."""

    archive: Content
    index: int

    @property
    def repeatable(self) -> bool:
        """As the archive is."""
        return self.archive.repeatable

    def read(self, findings: Findings) -> Blocks:
        """The member's bytes."""
        with closing(self.archive.read(findings)) as blocks:
            for index, (_, data) in enumerate(members(blocks, findings)):
                if index == self.index:
                    yield from data
                    return
        findings.cut(phrase("it is no longer in its archive: run again"))


@frozen
class Listed:
    """A log that an archive holds: which member it is, and the facts of its header."""

    index: int
    member: Member


def logs_in(archive: Content, findings: Findings) -> list[Listed]:
    """The members of *archive* that look like logs, or the only one there is, whatever its name."""
    with closing(archive.read(findings)) as blocks:
        files = [
            Listed(index, member)
            for index, (member, _) in enumerate(members(blocks, findings))
            if member.regular and not basename(member.name).startswith(".")
        ]
    return [file for file in files if looks_like_log(basename(file.member.name))] or files[: len(files) == 1]


def opened_archive(asked: Asked, archive: Content, name: str, status: os.stat_result) -> list[Opened]:
    """The logs in the archive at *asked*, whose tar stream is *archive*."""
    findings = Findings()
    logs = logs_in(archive, findings)
    if logs:
        found = [_opened(asked, archive, name, status, log, logs) for log in logs]
        if findings.error is not None:
            # Which of them is harmed shows only at the archive's end: its checksum stands there.
            for one in found:
                one.file.truncated = findings.truncated
                one.file.fail(phrase("its archive cannot be read whole: {reason}", reason=findings.error))
        return found
    if findings.error is not None:
        return [failed(asked, findings.error)]
    if asked.listed:  # an archive of something else that lies in the folder
        return []
    return [failed(asked, phrase("it is an archive without logs: name one that has some"))]


def _opened(
    asked: Asked, archive: Content, archive_name: str, status: os.stat_result, log: Listed, logs: list[Listed]
) -> Opened:
    name = f"{archive_name}/{shown(log.member.name)}"
    content = ArchiveMember(archive, log.index)
    family, outer = place_of(asked.path)
    inner = parse_name(basename(log.member.name))
    if len(logs) > 1 and inner.family != outer.family:
        family = (*family, dirname(log.member.name), inner.family)
    # The archive's own date tells when; inside one archive the member's name does.
    rotated = outer._replace(
        number=inner.number if inner.number is not None else outer.number,
        day=inner.day or outer.day,
        time=inner.time if inner.day else outer.time,
        packed=True,
    )
    file = LogFile(
        name=name,
        size=log.member.size,
        modified=log.member.modified,
        content=content,
        when_empty=phrase("it is empty"),
    )
    return Opened(file, family, rotated, (*identity(status), log.index), asked.listed)
