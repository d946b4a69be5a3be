"""What the watch says, and what a backtest shows."""

from __future__ import annotations

SENTENCES = {
    # the commands
    "Keep watch": "Vigiar",
    "follow logs, judge them, tell of what goes wrong": "acompanha logs, analisa e avisa do que dá errado",
    "what the rules would have told over logs": "o que as regras teriam avisado sobre logs",
    "judge what is there, tell what is to be told, and end": (
        "analisa o que há, avisa o que há a avisar e termina"
    ),
    "take the place of a watch that runs on the same state": (
        "toma o lugar de uma vigia que usa o mesmo estado"
    ),
    "let time go on so long after the last record: 10m": (
        "deixa o tempo correr depois do último registro: 10m"
    ),
    "--scenarios tries a file that names its own logs and times: leave LOG and --after out": (
        "--scenarios testa um arquivo que diz quais são seus logs e tempos: não use LOG nem --after"
    ),
    "try the labelled scenarios of FILE instead of logs": (
        "testa os cenários rotulados de FILE em vez de logs"
    ),
    # what the watch says
    "watching {logs}; alerts go to {sinks}": "vigiando {logs}; os alertas vão para {sinks}",
    "{done} of {total} MiB are read": "{done} de {total} MiB lidos",
    "all that was there is read": "tudo o que havia foi lido",
    "the state was made anew: what it knew of incidents is gone": (
        "o estado foi refeito: o que ele sabia de incidentes se perdeu"
    ),
    "no lock keeps a second watch from this state, {file} cannot be used: {reason}": (
        "nenhuma trava impede uma segunda vigia neste estado, {file} não pode ser usado: {reason}"
    ),
    "another watch runs on this state: {holder}; stop it, or take its place with --takeover": (
        "outra vigia usa este estado: {holder}; pare-a, ou tome o lugar dela com --takeover"
    ),
    "the watch that runs on this state does not end within {n} seconds: {holder}; end it by hand": (
        "a vigia que usa este estado não termina em {n} segundos: {holder}; termine-a à mão"
    ),
    "process {pid} on {host}, since {since}": "processo {pid} em {host}, desde {since}",
    "a process that did not say which": "um processo que não se identificou",
    "traces come with times {n} minutes old: is that the log's zone (timezone)?": (
        "os traces chegam com horários {n} minutos atrasados: é esse o fuso do log (timezone)?"
    ),
    "traces come with times {n} minutes ahead: is that the log's zone (timezone)?": (
        "os traces chegam com horários {n} minutos adiantados: é esse o fuso do log (timezone)?"
    ),
    "all is well again": "está tudo bem de novo",
    "the sink {name} cannot deliver: {why}": "o canal {name} não pode entregar: {why}",
    "another watch takes this one's place": "outra vigia toma o lugar desta",
    "the configuration was read anew": "a configuração foi lida de novo",
    "the new configuration cannot be used, the old one stays: {why}": (
        "a nova configuração não pode ser usada, a antiga permanece: {why}"
    ),
    "a critical alert could not be delivered: kumon-observe alerts list says which": (
        "um alerta crítico não pôde ser entregue: kumon-observe alerts list diz qual"
    ),
    "the heartbeat {file} cannot be written: {reason}": (
        "o sinal de vida {file} não pode ser gravado: {reason}"
    ),
    "the ping was not answered: {error}": "o ping não foi respondido: {error}",
    "what was judged is not saved: {why}": "o que foi analisado não está salvo: {why}",
    "what a check saves is no JSON, so that all is read again after a stop": (
        "o que uma verificação salva não é JSON, então tudo é lido de novo depois de uma parada"
    ),
    # the pseudo checks of rules
    "all logs are read and judged": "todos os logs são lidos e analisados",
    "nothing can be judged of what is missing": "nada se pode concluir do que falta",
    "traces come": "chegam traces",
    "no trace came for {minutes} minutes": "nenhum trace chegou em {minutes} minutos",
    "{check}: {why}": "{check}: {why}",
    # what is done by the clock
    "{job}: {what}": "{job}: {what}",
    "{job}: {status}": "{job}: {status}",
    "{status}: {what}": "{status}: {what}",
    "{text}": "{text}",
    "{job} was missed: it was due {planned}": "{job} foi perdido: era para {planned}",
    "failed: {error}": "falhou: {error}",
    "no log to archive": "nenhum log para arquivar",
    "the checklist is done": "a lista está feita",
    "to look after: {items}": "a cuidar: {items}",
    # backtest
    "1 incident": "1 incidente",
    "{n} incidents": "{n} incidentes",
    "1 notification": "1 aviso",
    "{n} notifications": "{n} avisos",
    "{incidents}, {notifications}": "{incidents}, {notifications}",
    "no trace has a time, so there is nothing to replay": (
        "nenhum trace tem horário, então não há o que reproduzir"
    ),
    "fired {begun}, over {ended} (after {lasted})": "disparou {begun}, acabou {ended} (depois de {lasted})",
    "fired {begun}, still open {lasted} later": "disparou {begun}, ainda aberto {lasted} depois",
    "nobody would have been told": "ninguém teria sido avisado",
    "told: {sinks}": "avisados: {sinks}",
    "{at}  {news}  to {sinks}": "{at}  {news}  para {sinks}",
    "fired": "disparou",
    "grew": "cresceu",
    "repeated": "repetido",
    "escalated": "escalado",
    "escalated, level {level}": "escalado, nível {level}",
    "flapping": "oscilando",
    "resolved": "resolvido",
    "test": "teste",
    # labelled scenarios
    "1 scenario passed": "1 cenário passou",
    "all {n} scenarios passed": "todos os {n} cenários passaram",
    "1 of {of} scenarios failed": "1 de {of} cenários falhou",
    "{n} of {of} scenarios failed": "{n} de {of} cenários falharam",
    "not sent: {what}": "não enviado: {what}",
    "sent and not expected: {what}": "enviado e não esperado: {what}",
    "sent {sent} instead of {expected}": "enviado {sent} em vez de {expected}",
    "{rule} fired and should not": "{rule} disparou e não devia",
    "{rule} should fire and did not": "{rule} devia disparar e não disparou",
    "right alarms": "alarmes certos",
    "false alarms": "alarmes falsos",
    "missed": "perdidos",
    "rightly silent": "silêncios certos",
    "accuracy": "acurácia",
    "false positives": "falsos positivos",
}
