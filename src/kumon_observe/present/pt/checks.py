"""What the checks conclude."""

from __future__ import annotations

SENTENCES = {
    # handoff
    "1 turn": "1 turno",
    "{n} turns": "{n} turnos",
    "no turns": "nenhum turno",
    "1 lost hand-off in {turns}": "1 handoff perdido em {turns}",
    "{n} lost hand-offs in {turns}": "{n} handoffs perdidos em {turns}",
    "no lost hand-off in {turns}": "nenhum handoff perdido em {turns}",
    "no outbox trace was seen": "nenhum trace de outbox foi visto",
    "no planner trace was seen, so nothing can be held against the deliveries": (
        "nenhum trace do planner foi visto; não há com o que comparar as entregas"
    ),
    "no delivery trace was seen, so it cannot be told what arrived": (
        "nenhum trace do delivery foi visto; não dá para saber o que chegou"
    ),
    "1 loss has different keys in planner and delivery, so it only warns": (
        "1 perda tem chaves diferentes no planner e no delivery; por isso só gera atenção"
    ),
    "{n} losses have different keys in planner and delivery, so they only warn": (
        "{n} perdas têm chaves diferentes no planner e no delivery; por isso só geram atenção"
    ),
    "1 loss was not reported by the app's own guard": "1 perda não foi reportada pelo guard do próprio app",
    "{n} losses were not reported by the app's own guard": (
        "{n} perdas não foram reportadas pelo guard do próprio app"
    ),
    "1 loss is known from the app's guard alone": "1 perda só é conhecida pelo guard do app",
    "{n} losses are known from the app's guard alone": "{n} perdas só são conhecidas pelo guard do app",
    "1 turn was delivered in part": "1 turno foi entregue só em parte",
    "{n} turns were delivered in part": "{n} turnos foram entregues só em parte",
    "1 planned turn has not reached delivery within the grace": (
        "1 turno planejado não chegou ao delivery dentro da tolerância"
    ),
    "{n} planned turns have not reached delivery within the grace": (
        "{n} turnos planejados não chegaram ao delivery dentro da tolerância"
    ),
    "1 planned turn still has time to reach delivery": (
        "1 turno planejado ainda está no prazo para chegar ao delivery"
    ),
    "{n} planned turns still have time to reach delivery": (
        "{n} turnos planejados ainda estão no prazo para chegar ao delivery"
    ),
    "the app's guard warned once of something else": "o guard do app alertou uma vez sobre outra coisa",
    "the app's guard warned {n} times of something else": (
        "o guard do app alertou {n} vezes sobre outras coisas"
    ),
    "1 hand-off guard names no conversation, so it cannot be held against any turn": (
        "1 guard de handoff não informa a conversa e não pode ser atribuído a nenhum turno"
    ),
    "{n} hand-off guards name no conversation, so they cannot be held against any turn": (
        "{n} guards de handoff não informam a conversa e não podem ser atribuídos a nenhum turno"
    ),
    "1 open turn was given up to bound memory, so what became of it is unknown": (
        "1 turno aberto foi descartado para limitar a memória; não se sabe o que aconteceu com ele"
    ),
    "{n} open turns were given up to bound memory, so what became of them is unknown": (
        "{n} turnos abertos foram descartados para limitar a memória; não se sabe o que aconteceu com eles"
    ),
    # instances
    "1 instance trace": "1 trace de instância",
    "{n} instance traces": "{n} traces de instância",
    "no instance traces": "nenhum trace de instância",
    "1 wrong instance in {traces}": "1 instância errada em {traces}",
    "{n} wrong instances in {traces}": "{n} instâncias erradas em {traces}",
    "no wrong instance in {traces}": "nenhuma instância errada em {traces}",
    "no trace named a WhatsApp instance": "nenhum trace informou uma instância do WhatsApp",
    "1 wrong instance was in use and the app's own guard let it pass": (
        "1 instância errada estava em uso e o guard do próprio app deixou passar"
    ),
    "{n} wrong instances were in use and the app's own guard let them pass": (
        "{n} instâncias erradas estavam em uso e o guard do próprio app deixou passar"
    ),
    "the app could not resolve an instance once": "o app não conseguiu resolver a instância uma vez",
    "the app could not resolve an instance {n} times": "o app não conseguiu resolver a instância {n} vezes",
    "1 more trace shows a wrong instance beyond those that memory holds": (
        "mais 1 trace mostra instância errada, além dos que cabem na memória"
    ),
    "{n} more traces show wrong instances beyond those that memory holds": (
        "mais {n} traces mostram instâncias erradas, além dos que cabem na memória"
    ),
    # delivery
    "{share} delivered ({success} of {total})": "{share} entregues ({success} de {total})",
    "no delivery results": "nenhum resultado de entrega",
    "sends were seen, but no result": "há envios, mas nenhum resultado",
    "1 send got no result in time; with it as failed: {worst}": (
        "1 envio ficou sem resultado no prazo; contando-o como falha: {worst}"
    ),
    "{n} sends got no result in time; with them as failed: {worst}": (
        "{n} envios ficaram sem resultado no prazo; contando-os como falha: {worst}"
    ),
    "this rests on 1 result only": "baseado em 1 resultado apenas",
    "this rests on {n} results only": "baseado em apenas {n} resultados",
    "1 turn reached delivery and nothing was sent": "1 turno chegou ao delivery e nada foi enviado",
    "{n} turns reached delivery and nothing was sent": "{n} turnos chegaram ao delivery e nada foi enviado",
    "1 send was given up to bound memory before its result was due": (
        "1 envio foi descartado para limitar a memória antes do prazo do seu resultado"
    ),
    "{n} sends were given up to bound memory before their results were due": (
        "{n} envios foram descartados para limitar a memória antes do prazo dos seus resultados"
    ),
    "the count of messages is approximate: too many keys to remember": (
        "a contagem de mensagens é aproximada: chaves demais para lembrar"
    ),
    "no delivery trace was seen": "nenhum trace de entrega foi visto",
    "{share} is not {threshold}": "{share} não atende a {threshold}",
    # consistency
    "{share} of 1 pair consistent": "{share} de 1 par consistente",
    "{share} of {n} pairs consistent": "{share} de {n} pares consistentes",
    "no comparable pairs": "nenhum par comparável",
    (
        "{id} is not comparable here: it differs in {differing} of {both} pairs, so this release copies or "
        "replaces that object between planner and delivery"
    ): (
        "{id} não é comparável aqui: difere em {differing} de {both} pares; esta versão copia ou "
        "troca o objeto "
        "entre planner e delivery"
    ),
    "no pair of planner and delivery traces with ids on both sides was seen": (
        "nenhum par de traces de planner e delivery com ids dos dois lados foi visto"
    ),
    "the check could not answer": "a verificação não conseguiu responder",
}
