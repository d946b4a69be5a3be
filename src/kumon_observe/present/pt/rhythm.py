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
    # the checklist
    "{what}": "{what}",
    "what a shift has to look after, and who did": "o que um turno tem a cuidar, e quem cuidou",
    "runs the list of this shift; its exit code is 0 only if every item holds": (
        "executa a lista deste turno; o código de saída só é 0 se todos os itens estiverem em ordem"
    ),
    "say who looked after an item in this shift": "registra quem cuidou de um item neste turno",
    "who looked after it": "quem cuidou dele",
    "what that person says of it": "o que essa pessoa diz dele",
    "--by is missing: say who looked after it": "falta --by: diga quem cuidou do item",
    "item on the list of the {profile}": "item na lista da {profile}",
    "ATTENTION": "ATENÇÃO",
    "PERSON": "PESSOA",
    "{profile}, {begin} to {end} ({zone})": "{profile}, de {begin} a {end} ({zone})",
    "the history is not kept: {why}": "o histórico não foi guardado: {why}",
    "looked after by {who}, {time}{comment}": "cuidado por {who}, {time}{comment}",
    "last time by {who}, {time}{comment}": "da última vez por {who}, {time}{comment}",
    "last time: {time}": "da última vez: {time}",
    "{item} ({profile}): looked after by {who}": "{item} ({profile}): cuidado por {who}",
    "it could not be looked at: {error}": "não foi possível verificar: {error}",
    # its items: logs
    "what the checks say of the night": "o que as verificações dizem da noite",
    "the log can be read, and is fresh": "o log pode ser lido e está em dia",
    "no trace with a time since {time}": "nenhum trace com horário desde {time}",
    "the newest trace is {age} old": "o trace mais novo tem {age}",
    "the delivery rate of the day": "a taxa de entrega do dia",
    "where delivery goes": "para onde vai a entrega",
    "too few results to compare: {recent} lately, {earlier} before": (
        "poucos resultados para comparar: {recent} agora há pouco, {earlier} antes"
    ),
    "{recent} lately, {earlier} before": "{recent} agora há pouco, {earlier} antes",
    # its items: the machine
    "the watch is running": "o watch está em execução",
    "there is no heartbeat: no watch runs on this state": (
        "não há heartbeat: nenhum watch trabalha com este estado"
    ),
    "its heartbeat is {age} old": "o heartbeat dele tem {age}",
    "there is room on the disk": "há espaço no disco",
    "{free} of {total} are free": "{free} de {total} livres",
    "1 key can be used": "1 chave pode ser usada",
    "{n} keys can be used": "{n} chaves podem ser usadas",
    "the keys of the seals can be used": "as chaves dos selos podem ser usadas",
    # its items: the rhythm
    "a report of the day is written": "há um relatório do dia",
    "there is no report in {folder}": "não há relatório em {folder}",
    "the newest report is {age} old": "o relatório mais novo tem {age}",
    "the logs are archived": "os logs estão arquivados",
    "no job archives: it is switched off, or done elsewhere": (
        "nenhuma tarefa arquiva: está desligada, ou é feita em outro lugar"
    ),
    "no archive was made in the last {age}": "nenhum arquivo foi feito nas últimas {age}",
    "{job} goes on since {age}": "{job} está em andamento há {age}",
    "{job} was done {age} ago": "{job} foi feita há {age}",
    "{job} was done {age} ago, with a warning": "{job} foi feita há {age}, com um aviso",
    "{job} could not do all of it, {age} ago": "{job} não conseguiu fazer tudo, há {age}",
    "{job} failed {age} ago": "{job} falhou há {age}",
    "{job} was interrupted {age} ago": "{job} foi interrompida há {age}",
    "{job} was missed {age} ago": "{job} foi perdida há {age}",
    "what is due is done": "o que está na hora é feito",
    "1 run was missed in the last day": "1 execução foi perdida no último dia",
    "{n} runs were missed in the last day": "{n} execuções foram perdidas no último dia",
    "every job is switched off": "todas as tarefas estão desligadas",
    "next: {job} at {time}": "próxima: {job} às {time}",
    # its items: incidents
    "no incident is open": "nenhum incidente está aberto",
    "no incidents are kept on this state": "nenhum incidente é guardado neste estado",
    "none is open": "nenhum está aberto",
    "1 incident is open, {unacknowledged} not acknowledged": (
        "1 incidente está aberto, {unacknowledged} sem reconhecimento"
    ),
    "{n} incidents are open, {unacknowledged} not acknowledged": (
        "{n} incidentes estão abertos, {unacknowledged} sem reconhecimento"
    ),
    "somebody has every incident": "todo incidente tem quem cuide dele",
    "1 incident is open and acknowledged": "1 incidente está aberto e reconhecido",
    "{n} incidents are open, all acknowledged": "{n} incidentes estão abertos, todos reconhecidos",
    "1 incident that nobody acknowledged": "1 incidente que ninguém reconheceu",
    "{n} incidents that nobody acknowledged": "{n} incidentes que ninguém reconheceu",
    "alerts arrive": "os alertas chegam",
    "no sink is configured: alerts go nowhere": (
        "nenhum destino está configurado: os alertas não vão a lugar nenhum"
    ),
    "one was delivered to each sink in the last {age}": ("um foi entregue a cada destino nos últimos {age}"),
    "not tried in the last day: {sinks}": "sem teste no último dia: {sinks}",
    "the one on call can be reached tonight": "quem está de plantão pode ser alcançado esta noite",
    "try it: 1 address is configured for those on call": (
        "teste: 1 endereço está configurado para o plantão"
    ),
    "try it: {n} addresses are configured for those on call": (
        "teste: {n} endereços estão configurados para o plantão"
    ),
}
