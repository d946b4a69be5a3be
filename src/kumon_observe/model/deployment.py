"""What a service manager has to know to run the watch: real paths, and who runs it."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Deployment:
    """The watch with the configuration in force. All paths are absolute.

    Attributes:
        program: the words that start this release.
        folder: where it runs, so that relative names in the configuration mean the same.
        config: the configuration file, empty if there is none.
        logs: the LOG arguments, empty where the configuration names them.
        read: the folders that the logs lie in.
        written: folders that it writes to besides the state.
        state: the folder of the state, and whether it was chosen (``state_is_chosen``) or is the user's.
        heartbeat: the file that is written after each judging that was delivered.
        user: whose account it runs in, with ``uid`` and ``gid``.
        release: of kumon-observe.
        variables: of the environment that set an option now, and will not be there.
    """

    program: tuple[str, ...]
    folder: str
    config: str
    logs: tuple[str, ...]
    read: tuple[str, ...]
    written: tuple[str, ...]
    state: str
    state_is_chosen: bool
    heartbeat: str
    user: str
    uid: int
    gid: int
    release: str
    variables: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """What follows the program."""
        config = ("--config", self.config) if self.config else ()
        return ("watch", *config, *self.logs)

    def remarks(self, file: str) -> list[str]:
        """Comment lines: where ``file`` was written from, and what it cannot hold."""
        told = [f"{file}, written by kumon-observe {self.release} init"]
        if self.variables:
            told += [
                "These variables were set then, and are not here, since they may be secrets:",
                *(f"  {name}" for name in self.variables),
            ]
        return told
