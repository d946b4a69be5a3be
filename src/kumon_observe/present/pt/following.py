"""What is said of logs that are followed, and of ``tail``."""

from __future__ import annotations

SENTENCES = {
    # what happened to a log
    "it is no file that can be followed: name a plain file, or pipe it into -": (
        "não é um arquivo que possa ser seguido: informe um arquivo comum, ou envie-o para - por um pipe"
    ),
    "1 byte of it is lost: it was cut before that was read, and no copy is there": (
        "1 byte dele se perdeu: foi cortado antes de ser lido, e não há cópia"
    ),
    "{n} bytes of it are lost: it was cut before they were read, and no copy is there": (
        "{n} bytes dele se perderam: foi cortado antes de serem lidos, e não há cópia"
    ),
    "it was cut after byte {n}: what was written just before that is lost, if anything was": (
        "foi cortado após o byte {n}: o que foi escrito logo antes disso se perdeu, se algo foi"
    ),
    "what it held from byte {n} on is lost: it is gone": (
        "o que continha a partir do byte {n} se perdeu: o arquivo sumiu"
    ),
    "what was written to it after byte {n} is lost, if anything was: it is gone, and so is any copy": (
        "o que foi escrito nele após o byte {n} se perdeu, se algo foi: sumiu, assim como qualquer cópia"
    ),
    # tail
    "the log as it grows: traces, guards, errors, violations": (
        "o log enquanto cresce: traces, guards, erros, violações"
    ),
    "only what is at least so grave": "só o que for pelo menos tão grave",
    "tail shows what comes: leave --since and --until to traces": (
        "tail mostra o que chega: deixe --since e --until para traces"
    ),
    "{name} {text!r} is no severity: write {what}": "{name} {text!r} não é uma gravidade: escreva {what}",
}
