"""What alerts say in the channels that carry them."""

from __future__ import annotations

SENTENCES = {
    # how urgent
    "info": "informação",
    "moderate": "moderado",
    "high": "alto",
    "critical": "crítico",
    "INFO": "INFO",
    "NOTICE": "AVISO",
    "URGENT": "URGENTE",
    "TEST": "TESTE",
    "RESOLVED": "RESOLVIDO",
    # what to do
    "find out why": "descobrir a causa",
    "find out why; no rollback": "descobrir a causa; sem rollback",
    "roll back to the release before, now": "rollback para a versão anterior, agora",
    "To do: {action}.": "O que fazer: {action}.",
    "Say that you are on it: {command}": "Avise que você está cuidando: {command}",
    "Once it is over: {command}": "Quando terminar: {command}",
    # the news
    "It goes on.": "Continua.",
    "Nobody has acknowledged it: escalation level {level}.": (
        "Ninguém reconheceu o alerta: escalonamento nível {level}."
    ),
    "{by} has acknowledged it: {comment}": "{by} reconheceu o alerta: {comment}",
    "{by} has acknowledged it.": "{by} reconheceu o alerta.",
    "It comes and goes, and is told again only when it is over for good or stays on.": (
        "Vai e volta, e só haverá novo aviso quando terminar de vez ou ficar."
    ),
    "{by} has resolved it: {comment}": "{by} resolveu o incidente: {comment}",
    "{by} has resolved it.": "{by} resolveu o incidente.",
    "It has ended.": "Terminou.",
    # whether they can be reached
    "alerts can go to {names}": "os alertas podem ir para {names}",
    "until then {name} refuses every alert": "até lá, {name} recusa todos os alertas",
    # the facts
    "Severity": "Severidade",
    "Check": "Verificação",
    "Violations": "Violações",
    "Counts": "Contagens",
    "Since": "Desde",
    "Until": "Até",
    "Rule": "Regra",
    "Incident": "Incidente",
}
