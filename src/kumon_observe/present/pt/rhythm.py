"""The day's rhythm: the schedule and the checklists."""

from __future__ import annotations

SENTENCES = {
    # the schedule
    "what is done when, and what became of it": "o que é feito quando, e no que deu",
    "the next runs of each job, its last one, and what was missed": (
        "as próximas execuções de cada tarefa, a última e as que foram perdidas"
    ),
    "one part of the day: morning, afternoon or night": (
        "uma parte do dia: morning (manhã), afternoon (tarde) ou night (noite)"
    ),
    "profile": "perfil",
    "morning": "manhã",
    "afternoon": "tarde",
    "night": "noite",
    "FAILED": "FALHOU",
    "INTERRUPTED": "INTERROMPIDA",
    "MISSED": "PERDIDA",
    "it is {profile}: {time} ({zone})": "agora é {profile}: {time} ({zone})",
    "no job is configured for it": "nenhuma tarefa está configurada para isso",
    "switched off": "desligada",
    "next: {times}": "próximas: {times}",
    "last: {time}": "última: {time}",
    "goes on": "em andamento",
    "1 run was missed: {time}": "1 execução foi perdida: {time}",
    "{n} runs were missed, the last at {time}": "{n} execuções foram perdidas, a última às {time}",
}
