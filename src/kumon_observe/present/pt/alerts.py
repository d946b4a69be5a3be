"""What is said of incidents: in the alerts themselves, on the screen, to who acknowledges or silences."""

from __future__ import annotations

SENTENCES = {
    "Left alone on purpose": "Deixados de propósito",
    # what an incident is about
    "replies are lost between planner and delivery": "respostas se perdem entre o planner e a entrega",
    "a wrong WhatsApp instance is in use": "uma instância errada do WhatsApp está em uso",
    "too few messages reach WhatsApp": "poucas mensagens chegam ao WhatsApp",
    "planner and delivery do not share one state": "planner e entrega não compartilham o mesmo estado",
    "the log cannot be judged": "o log não pode ser avaliado",
    "no traces come in": "nenhum trace está chegando",
    "messages fail so often that the error budget runs out": (
        "as mensagens falham tanto que a margem de erro está se esgotando"
    ),
    "the check {check} is not met": "a verificação {check} não é atendida",
    # titles
    "ROLL BACK NOW: {told}": "FAÇA ROLLBACK AGORA: {told}",
    "{found} by now: {what}": "já são {found}: {what}",
    "still so: {what}": "continua: {what}",
    "nobody has it yet (level {level}): {what}": "ninguém assumiu ainda (nível {level}): {what}",
    "comes and goes: {what}": "vai e volta: {what}",
    "{by} has it: {what}": "{by} assumiu: {what}",
    "over: {what}": "encerrado: {what}",
    "a test of the alerts": "um teste dos alertas",
    "nothing happened: somebody tried whether alerts arrive here": (
        "nada aconteceu: alguém testou se os alertas chegam aqui"
    ),
    # what cannot be done
    "the incident {id} is over: nobody has to acknowledge it": (
        "o incidente {id} já terminou: ninguém precisa assumi-lo"
    ),
    "the incident {id} is pending: nobody was told of it yet": (
        "o incidente {id} está pendente: ninguém foi avisado dele ainda"
    ),
    "the incident {id} is over already": "o incidente {id} já terminou",
    "no incident has the id {id!r}: kumon-observe alerts list": (
        "nenhum incidente tem o id {id!r}: kumon-observe alerts list"
    ),
    "no silence has the id {id!r}: kumon-observe alerts list": (
        "nenhum silêncio tem o id {id!r}: kumon-observe alerts list"
    ),
    "{id!r} may be {ids}: write more of it": "{id!r} pode ser {ids}: escreva mais dele",
    "there is no rule {rule!r}: use one of {known}": "não há regra {rule!r}: use uma destas: {known}",
    "a silence cannot end before it begins: give a later time": (
        "um silêncio não pode terminar antes de começar: dê um horário posterior"
    ),
    "who are you? --by NAME is needed, as there is no user name here": (
        "quem é você? é preciso --by NAME, pois aqui não há nome de usuário"
    ),
    "--for is missing: a silence has an end, as in --for 2h": (
        "falta --for: um silêncio tem um fim, como em --for 2h"
    ),
    "{name} {text!r} is no length of time: write 30min, 2h or 1d": (
        "{name} {text!r} não é uma duração: escreva 30min, 2h ou 1d"
    ),
    "the sink stdout prints where --json does: leave one of them out": (
        "o destino stdout escreve onde --json escreve: deixe um dos dois de fora"
    ),
    "alerts needs one more word: list, ack, resolve, silence, resend, drop or test": (
        "alerts precisa de mais uma palavra: list, ack, resolve, silence, resend, drop ou test"
    ),
    "no undelivered message is number {n}: kumon-observe alerts list": (
        "nenhuma mensagem não entregue tem o número {n}: kumon-observe alerts list"
    ),
    "try again what could not be delivered (all of it without NUMBER)": (
        "tentar de novo o que não pôde ser entregue (tudo, sem NUMBER)"
    ),
    "give up what could not be delivered": "desistir do que não pôde ser entregue",
    "nothing is undeliverable": "não há nada por entregar de que se desistiu",
    "To be tried again": "A tentar de novo",
    "Given up": "Desistidas",
    "sink": "destino",
    "nobody would be told of a critical incident of the rule {rule}: "
    "set up a sink that takes it (docs/alerts.md)": (
        "ninguém seria avisado de um incidente crítico da regra {rule}: "
        "configure um destino que o aceite (docs/alerts.md)"
    ),
    "the rule {rule} judges the check {check!r}, which there is not: use one of {known}": (
        "a regra {rule} avalia a verificação {check!r}, que não existe: use uma destas: {known}"
    ),
    "the route {name!r} is of no sink that can be used: there are {known}": (
        "a rota {name!r} não é de nenhum destino utilizável: há {known}"
    ),
    "the route {name!r} names the rule {rule!r}, which there is not: use one of {known}": (
        "a rota {name!r} cita a regra {rule!r}, que não existe: use uma destas: {known}"
    ),
    # the commands
    "incidents: list, ack, resolve, silence; test the sinks": (
        "incidentes: list, ack, resolve, silence; testar os destinos"
    ),
    "the open incidents, the last ones that are over, and what was not delivered": (
        "os incidentes abertos, os últimos encerrados e o que não foi entregue"
    ),
    "say that you have it: no repeats and no escalation": (
        "dizer que você assumiu: sem repetição nem escalada"
    ),
    "say that it is over": "dizer que terminou",
    "tell nothing of a rule (of all but critical ones without) for a time": (
        "não avisar nada de uma regra (sem nome, de todas menos as críticas) por um tempo"
    ),
    "send a test alert to every sink, and say what it answered": (
        "enviar um alerta de teste a cada destino e dizer o que ele respondeu"
    ),
    "for how long: 30min, 2h, 1d": "por quanto tempo: 30min, 2h, 1d",
    "end this silence before its time": "terminar este silêncio antes da hora",
    "only this one (plugins lists them)": "só este (plugins mostra quais há)",
    "who you are (default: your user name)": "quem é você (padrão: seu nome de usuário)",
    "why, for those who were told": "por quê, para quem foi avisado",
    # the screen
    "no open incident": "nenhum incidente aberto",
    "1 open incident": "1 incidente aberto",
    "{n} open incidents": "{n} incidentes abertos",
    "1 message was not delivered": "1 mensagem não foi entregue",
    "{n} messages were not delivered": "{n} mensagens não foram entregues",
    "{what}, {undelivered}": "{what}, {undelivered}",
    "pending": "pendente",
    "firing": "ativo",
    "acknowledged": "assumido",
    "over": "encerrado",
    "{state} (level {level})": "{state} (nível {level})",
    "1 finding": "1 ocorrência",
    "{n} findings": "{n} ocorrências",
    "it comes and goes": "vai e volta",
    "silenced until {until}": "silenciado até {until}",
    "told with {id}, which is graver": "avisado com {id}, que é mais grave",
    "nobody has it: {command}": "ninguém assumiu: {command}",
    "{by} has it": "{by} assumiu",
    "ended by {by}": "encerrado por {by}",
    "{said}: {comment}": "{said}: {comment}",
    "Over": "Encerrados",
    "{what}: {age} ago, lasted {lasted}": "{what}: há {age}, durou {lasted}",
    "Silenced": "Silenciados",
    "all but critical rules": "todas as regras menos as críticas",
    "{what} until {until}, by {by}": "{what} até {until}, por {by}",
    "Could not be delivered": "Não puderam ser entregues",
    "Still to be delivered": "Ainda por entregar",
    "{sink}: {title}, {age} ago, {tries}": "{sink}: {title}, há {age}, {tries}",
    "1 attempt": "1 tentativa",
    "{n} attempts": "{n} tentativas",
    "delivered": "entregue",
}
