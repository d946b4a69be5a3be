"""What is said of the state that is kept between runs."""

from __future__ import annotations

SENTENCES = {
    # its file
    "{file} is no state of kumon-observe, and is left alone": (
        "{file} não é um estado do kumon-observe e foi deixado como está"
    ),
    "{file} was made by a newer release, and is left alone": (
        "{file} foi criado por uma versão mais nova e foi deixado como está"
    ),
    "{file} was damaged and is now {aside}": "{file} estava danificado e agora se chama {aside}",
    "{file} cannot be used: {reason}": "{file} não pode ser usado: {reason}",
    # a cursor in it
    "what was saved of this log is damaged, and was thrown away": (
        "o que foi salvo deste log está danificado e foi descartado"
    ),
    "the state of this log is too large to be saved: {n} bytes": (
        "o estado deste log é grande demais para ser salvo: {n} bytes"
    ),
    "what a check saves is no JSON, so that all is read each time": (
        "o que uma verificação salva não é JSON; por isso tudo é lido a cada vez"
    ),
    "the state of {source} is not saved: {why}": "o estado de {source} não foi salvo: {why}",
    # whether it fits its log
    "{source}: {why}; all of it was read": "{source}: {why}; foi lido por inteiro",
    "what was saved of it is damaged": "o que foi salvo dele está danificado",
    "what was saved of it does not fit any more": "o que foi salvo dele não serve mais",
    "it became shorter since it was judged last": "ficou menor desde a última análise",
    "it was written to without growing since it was judged last": (
        "foi alterado sem crescer desde a última análise"
    ),
    "what was judged last is not what stands in it now": (
        "o que foi analisado da última vez não é o que está nele agora"
    ),
    "it cannot be read: {reason}": "não pode ser lido: {reason}",
}
