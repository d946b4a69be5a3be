"""The screens and the report."""

from __future__ import annotations

SENTENCES = {
    # the verdict
    "OK": "OK",
    "UNKNOWN": "DESCONHECIDO",
    "WARNING": "ATENÇÃO",
    "CRITICAL": "CRÍTICO",
    "nothing to do": "nada a fazer",
    "cannot tell": "não dá para saber",
    "ROLL BACK NOW": "FAÇA ROLLBACK AGORA",
    "investigate, no rollback": "investigue, sem rollback",
    "Replies were lost between planner and delivery": "Respostas se perderam entre planner e delivery",
    "Replies may not have reached delivery": "Pode haver respostas que não chegaram ao delivery",
    "A wrong WhatsApp instance is in use": "Há uma instância errada do WhatsApp em uso",
    "Too few messages reach WhatsApp": "Poucas mensagens chegam ao WhatsApp",
    "Planner and delivery do not share one state": "Planner e delivery não compartilham o mesmo estado",
    "{check}: {summary}": "{check}: {summary}",
    "{what}.": "{what}.",
    "{what}, {n} times.": "{what}, {n} vezes.",
    "{what}, at {first}.": "{what} ({first}).",
    "{what}, {n} times since {first}.": "{what}, {n} vezes desde {first}.",
    "{what}, {n} times since {first}, last {last}.": "{what}, {n} vezes desde {first} (última: {last}).",
    "Not judged: {names}.": "Não julgado: {names}.",
    "Good: {good}. Not judged: {names}.": "Em ordem: {good}. Não julgado: {names}.",
    "Nothing is proved, neither good nor bad.": "Nada está provado, nem bom nem ruim.",
    "To be able to tell:": "Para poder saber:",
    "What is missing:": "O que falta:",
    "name a log: kumon-observe health LOG": "informe um log: kumon-observe health LOG",
    "the only line read holds no trace: is this the app's log, and does it log at level INFO?": (
        "a única linha lida não tem trace: é mesmo o log do app, e o app grava no nível INFO?"
    ),
    "none of the {n} lines read holds a trace: is this the app's log, and does it log at level INFO?": (
        "nenhuma das {n} linhas lidas tem trace: é mesmo o log do app, e o app grava no nível INFO?"
    ),
    "if its form is unusual, force it with --layout (kumon-observe plugins lists them)": (
        "se o formato do log for incomum, force-o com --layout (kumon-observe plugins lista os formatos)"
    ),
    "no trace lies in the time asked for; the log has records {window}": (
        "nenhum trace está no período pedido; o log tem registros {window}"
    ),
    "an empty log proves nothing: wait until the app has written to it, or name another": (
        "um log vazio não prova nada: espere o app escrever nele ou informe outro"
    ),
    "Turn by turn:": "Turno a turno:",
    "The failed deliveries:": "As entregas que falharam:",
    "min {limit}": "mín. {limit}",
    "max {limit}": "máx. {limit}",
    "{both}": "{both}",
    "counts: {counts}": "contagens: {counts}",
    "failures by http code: {codes}": "falhas por código http: {codes}",
    "messages delivered: {delivered} of {n} ({rate})": "mensagens entregues: {delivered} de {n} ({rate})",
    "so many results support a rate between {low} and {high} (95% confidence)": (
        "com esse número de resultados, a taxa está entre {low} e {high} (95% de confiança)"
    ),
    # findings
    "planned {planned}, no delivery yet": "planejou {planned}, ainda sem entrega",
    "{fields} differs": "{fields} diferente",
    "instance {name}": "instância {name}",
    "instance {name}, {n} times": "instância {name}, {n} vezes",
    "unknown conversation": "conversa desconhecida",
    "paired by conversation": "emparelhado pela conversa",
    "planner and delivery name different keys": "planner e delivery informam chaves diferentes",
    "no guard reported it": "nenhum guard reportou",
    "shown by the traces and by the app's guard": "mostrado pelos traces e pelo guard do app",
    "known from the app's guard alone": "só conhecido pelo guard do app",
    "not reported by the app's own guard": "não reportado pelo guard do próprio app",
    "and 1 more": "e mais 1",
    "and {n} more": "e mais {n}",
    # what was read
    "judged 1 turn": "1 turno julgado",
    "judged {n} turns": "{n} turnos julgados",
    "judged 1 result": "1 resultado julgado",
    "judged {n} results": "{n} resultados julgados",
    "judged 1 pair": "1 par julgado",
    "judged {n} pairs": "{n} pares julgados",
    "judged 1 instance": "1 instância julgada",
    "judged {n} instances": "{n} instâncias julgadas",
    "read 1 trace": "1 trace lido",
    "read {n} traces": "{n} traces lidos",
    "no trace was read": "nenhum trace foi lido",
    "judged none of 1 trace": "nada julgado de 1 trace",
    "judged none of {n} traces": "nenhum julgado, de {n} traces",
    "{judged} {window}": "{judged} {window}",
    "between {first} and {last}": "entre {first} e {last}",
    "times are {zone}": "horários em {zone}",
    "the traces have no times": "os traces não têm horários",
    "1 malformed trace ignored": "1 trace malformado ignorado",
    "{n} malformed traces ignored": "{n} traces malformados ignorados",
    "1 quoted trace ignored": "1 trace citado ignorado",
    "{n} quoted traces ignored": "{n} traces citados ignorados",
    "1 trace of an untrusted logger ignored": "1 trace de logger não confiável ignorado",
    "{n} traces of untrusted loggers ignored": "{n} traces de loggers não confiáveis ignorados",
    "1 unsealed trace ignored": "1 trace sem selo válido ignorado",
    "{n} unsealed traces ignored": "{n} traces sem selo válido ignorados",
    "1 record is not UTF-8": "1 registro não é UTF-8",
    "{n} records are not UTF-8": "{n} registros não são UTF-8",
    "1 source is cut off": "1 fonte está cortada",
    "{n} sources are cut off": "{n} fontes estão cortadas",
    "1 oversized record ignored": "1 registro grande demais ignorado",
    "{n} oversized records ignored": "{n} registros grandes demais ignorados",
    "1 malformed trace, at {place}": "1 trace malformado, na {place}",
    "{n} malformed traces, first at {place}": "{n} traces malformados, o primeiro na {place}",
    "1 quoted trace, at {place}": "1 trace citado, na {place}",
    "{n} quoted traces, first at {place}": "{n} traces citados, o primeiro na {place}",
    "1 trace of an untrusted logger, at {place}": "1 trace de logger não confiável, na {place}",
    "{n} traces of untrusted loggers, first at {place}": (
        "{n} traces de loggers não confiáveis, o primeiro na {place}"
    ),
    "1 unsealed trace, at {place}": "1 trace sem selo válido, na {place}",
    "{n} unsealed traces, first at {place}": "{n} traces sem selo válido, o primeiro na {place}",
    "1 record that is not UTF-8, at {place}": "1 registro que não é UTF-8, na {place}",
    "{n} records that are not UTF-8, first at {place}": (
        "{n} registros que não são UTF-8, o primeiro na {place}"
    ),
    "cut off at {place}": "cortado na {place}",
    "1 oversized record, at {place}": "1 registro grande demais, na {place}",
    "{n} oversized records, first at {place}": "{n} registros grandes demais, o primeiro na {place}",
    "line {line}": "linha {line}",
    "line {line} ({reason})": "linha {line} ({reason})",
    "{source}: read {size}, {lines}, {traces}; layouts: {layouts}": (
        "{source}: {size} lidos, {lines}, {traces}; formatos: {layouts}"
    ),
    "{read}; {window}": "{read}; {window}",
    "traces by kind: outbox {outbox}, instance {instance}, delivery {delivery}, guards {guards}": (
        "traces por tipo: outbox {outbox}, instância {instance}, entrega {delivery}, guards {guards}"
    ),
    # lists and conversations
    "nothing found": "nada encontrado",
    "the last {n} of {total}; --limit N shows more": "os últimos {n} de {total}; --limit N mostra mais",
    "this conversation was not seen": "esta conversa não foi vista",
    "it is matched whole: take the id as the log has it, or the masked one that a verdict shows": (
        "o id é comparado por inteiro: use o do log ou o mascarado que um veredito mostra"
    ),
    "turn {n}": "turno {n}",
    # performance
    "1 result": "1 resultado",
    "{n} results": "{n} resultados",
    "{results}, {failed} failed": "{results}, {failed} falharam",
    "failed": "falhas",
    "the whole log": "o log inteiro",
    "from {first} to {last} ({zone})": "de {first} a {last} ({zone})",
    "from {first} ({zone})": "a partir de {first} ({zone})",
    "to {last} ({zone})": "até {last} ({zone})",
    "1 trace without a time": "1 trace sem horário",
    "{n} traces without a time": "{n} traces sem horário",
    "{what} cannot be put into a window": "{what}, fora de qualquer período",
    "by hour ({zone})": "por hora ({zone})",
    "by http code": "por código http",
    "by instance": "por instância",
    # the report
    "report made {at} ({zone})": "relatório feito em {at} ({zone})",
    "Checks": "Verificações",
    "Evidence:": "Evidências:",
    "What was read": "O que foi lido",
    "check": "verificação",
    "status": "status",
    "value": "valor",
    "limit": "limite",
    "summary": "resumo",
    "time": "horário",
    "conversation": "conversa",
    "what happened": "o que houve",
    "where": "onde",
    # a reading that goes on
    "{done} of {total}": "{done} de {total}",
    "{time} left": "faltam {time}",
    "reading {size} takes about {time}, at {rate} so far": (
        "ler {size} leva cerca de {time}, a {rate} até agora"
    ),
    # the set-up
    "ok": "ok",
    "warning": "atenção",
    "problem": "problema",
    "default": "padrão",
    "command line": "linha de comando",
    "disabled by the configuration": "desativado pela configuração",
    "configuration file: {file}": "arquivo de configuração: {file}",
    "no configuration file was found: defaults apply (kumon-observe init writes one)": (
        "nenhum arquivo de configuração encontrado: valem os padrões (kumon-observe init escreve um)"
    ),
    "the configuration can be used": "a configuração pode ser usada",
}
