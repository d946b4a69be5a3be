"""What is said of the delivery of alerts."""

from __future__ import annotations

SENTENCES = {
    "this release cannot read it: {error}": "esta versão não consegue lê-lo: {error}",
    "there is no sink {sink} any more": "o destino {sink} não existe mais",
    "it does not come back within {n} s": "não retorna em {n} s",
    "it has not answered within {n} s": "não respondeu em {n} s",
    "it failed: {error}": "falhou: {error}",
    "no thread can be started: the program ends, or it has too many": (
        "nenhuma thread pode ser iniciada: o programa está terminando ou já tem threads demais"
    ),
    "{summary} (not delivered by {sink})": "{summary} (não entregue por {sink})",
    "{summary} (not delivered by {sink}: {error})": "{summary} (não entregue por {sink}: {error})",
    "delivering failed: {error}": "a entrega falhou: {error}",
}
