"""What is said by an observer inside an app."""

from __future__ import annotations

SENTENCES = {
    # why its verdict cannot be ok
    "the observer was taken from the logger {name}: call install() after logging is configured": (
        "o observador foi retirado do logger {name}: chame install() depois de configurar o logging"
    ),
    "1 record was dropped: the queue of the observer was full": (
        "1 registro foi descartado: a fila do observador estava cheia"
    ),
    "{n} records were dropped: the queue of the observer was full": (
        "{n} registros foram descartados: a fila do observador estava cheia"
    ),
    "1 record could not be read: its arguments do not fit its message": (
        "1 registro não pôde ser lido: seus argumentos não servem à sua mensagem"
    ),
    "{n} records could not be read: their arguments do not fit their messages": (
        "{n} registros não puderam ser lidos: seus argumentos não servem às suas mensagens"
    ),
    "the observer failed: {error}": "o observador falhou: {error}",
    "judging does not come back: this is what was known before": (
        "a análise não retorna: isto é o que se sabia antes"
    ),
    "the check does not come back": "a verificação não retorna",
    "1 trace came too fast for the check": "1 trace chegou rápido demais para a verificação",
    "{n} traces came too fast for the check": "{n} traces chegaram rápido demais para a verificação",
    # alerts
    "{check}: roll back now": "{check}: faça o rollback agora",
    "{check}: investigate": "{check}: investigue",
    "alerts are not delivered: {channel} does not come back": (
        "os alertas não são entregues: {channel} não retorna"
    ),
    "an alert was not delivered: {channel} failed: {error}": (
        "um alerta não foi entregue: {channel} falhou: {error}"
    ),
}
