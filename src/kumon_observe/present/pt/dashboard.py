"""The live screen."""

from __future__ import annotations

SENTENCES = {
    # its rows
    "CHECKS": "VERIFICAÇÕES",
    "{n} x {width}": "{n} x {width}",
    "{steps}, to {until}": "{steps}, até {until}",
    "INCIDENTS": "INCIDENTES",
    "INCIDENTS: not known": "INCIDENTES: não se sabe",
    "none open": "nenhum aberto",
    "1 open": "1 aberto",
    "{n} open": "{n} abertos",
    "LAST TRACES": "ÚLTIMOS TRACES",
    "none": "nenhum",
    "since {since}": "desde {since}",
    "nobody has it": "ninguém assumiu",
    "somebody has it": "alguém assumiu",
    "{name} has it": "com {name}",
    "not yet told": "ainda não avisado",
    "q or Ctrl-C ends": "q ou Ctrl-C encerra",
    "reading the logs": "lendo os logs",
    # whether anything is seen
    "the traces have no times, so of when that is cannot be told": (
        "os traces não têm horário; não dá para saber de quando isso é"
    ),
    "by the log's own times, which the clock does not bear out": (
        "pelos horários do próprio log, que o relógio não confirma"
    ),
    "until {until}, nothing is known since": "até {until}, nada se sabe desde então",
    "age of the newest trace unknown": "idade do último trace desconhecida",
    "newest trace {ago} ago": "último trace há {ago}",
    "newest trace {ago} ahead of the clock": "último trace {ago} à frente do relógio",
    "no watch has run here": "nenhum watch rodou aqui",
    "the watch lives ({ago} ago)": "o watch está vivo (há {ago})",
    "THE WATCH IS SILENT for {ago}": "O WATCH ESTÁ MUDO há {ago}",
    "no trace for {ago}: does the app run, and does it log here?": (
        "nenhum trace há {ago}: o app está rodando, e é aqui que ele grava?"
    ),
    "the log's times lie ahead of the clock: is its zone right (--timezone)?": (
        "os horários do log estão à frente do relógio: o fuso está certo (--timezone)?"
    ),
    "the incidents are not known: {why}": "não se sabe dos incidentes: {why}",
    "! and 1 line more: kumon-observe health says it": "! e mais 1 linha: kumon-observe health a mostra",
    "! and {n} lines more: kumon-observe health says them": (
        "! e mais {n} linhas: kumon-observe health as mostra"
    ),
    # the command
    "verdict, trends, incidents and traces, live": "veredito, tendências, incidentes e traces, ao vivo",
    "one plain screen, and the verdict's exit code": "uma tela simples e o código de saída do veredito",
    "seconds between two refreshes (default: 2)": "segundos entre duas atualizações (padrão: 2)",
    "how many hours the trends go back (default: 6)": "quantas horas as tendências cobrem (padrão: 6)",
    "how old the newest trace may be before that is said loudly (default: 10)": (
        "que idade o último trace pode ter antes de isso ser dito em destaque (padrão: 10)"
    ),
    "--{name} goes with --once: a live screen shows all": (
        "--{name} só vale com --once: a tela ao vivo mostra tudo"
    ),
}
