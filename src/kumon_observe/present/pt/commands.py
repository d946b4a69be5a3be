"""The command line: help and complaints."""

from __future__ import annotations

SENTENCES = {
    # help
    "Usage": "Uso",
    "Options": "Opções",
    "Judge a log": "Julgar um log",
    "Look into a log": "Olhar dentro de um log",
    "Set up": "Preparar",
    "More: kumon-observe COMMAND --help": "Mais: kumon-observe COMMAND --help",
    "Exit codes: 0 ok, 1 warning, 2 critical, 3 unknown, 4 an alert undelivered; 64 and above: "
    "wrong usage or configuration.": (
        "Códigos de saída: 0 ok, 1 atenção, 2 crítico, 3 desconhecido, 4 alerta não entregue; 64 ou mais: "
        "uso ou configuração errada."
    ),
    (
        "LOG is a file, a directory, a glob, a .gz or .tar.gz, or - for standard input "
        "(default: the configured sources, else app.log)."
    ): (
        "LOG é um arquivo, uma pasta, um padrão (glob), um .gz ou .tar.gz, ou - para a entrada padrão "
        "(padrão: as fontes configuradas; sem elas, app.log)."
    ),
    "all checks, one screen": "todas as verificações, em uma tela",
    "replies lost between planner and delivery": "respostas perdidas entre planner e delivery",
    "wrong WhatsApp instances": "instâncias erradas do WhatsApp",
    "the share of messages that arrived": "a parcela das mensagens que chegou",
    "planner and delivery on one state": "planner e delivery com o mesmo estado",
    "full report, to a .md or .json file or stdout": (
        "relatório completo, em arquivo .md ou .json ou na saída"
    ),
    "one conversation, turn by turn, with the verdicts": "uma conversa, turno a turno, com os vereditos",
    "the last failed deliveries": "as últimas entregas que falharam",
    "the last errors, tracebacks whole": "os últimos erros, com tracebacks inteiros",
    "the last traces": "os últimos traces",
    "delivery by hour, http code and instance": "entregas por hora, código http e instância",
    "what is wrong with this set-up": "o que há de errado nesta instalação",
    "write a kumon-observe.toml, or a service for the watch": (
        "escreve um kumon-observe.toml, ou um serviço para o watch"
    ),
    "what is in force (show), whether it is right (check)": (
        "o que está em vigor (show), se está certo (check)"
    ),
    "what is installed; new writes a plugin package": "o que está instalado; new escreve um pacote de plugin",
    "what is installed, and what of it cannot be used": "o que está instalado e o que não pode ser usado",
    "write a plugin package with its tests: kumon-NAME, in this folder": (
        "escreve um pacote de plugin com testes: kumon-NAME, nesta pasta"
    ),
    "what it is: check, sink or layout": "o que ele é: check, sink ou layout",
    "what is in force, and where each value comes from": "o que está em vigor e de onde vem cada valor",
    "whether the configuration can be used, with every problem": (
        "se a configuração pode ser usada, com todos os problemas"
    ),
    "from then on: 2024-01-15 10:00, 10:00, or 2h (two hours ago)": (
        "a partir de: 2024-01-15 10:00, 10:00 ou 2h (duas horas atrás)"
    ),
    "before then; written as --since": "antes de; escrito como --since",
    "show at most N findings or records": "mostra no máximo N ocorrências ou registros",
    "read app.log.1, app.log.2.gz, ... too, oldest first": (
        "lê também app.log.1, app.log.2.gz, ..., do mais antigo ao mais novo"
    ),
    "force one log layout (plugins lists them)": "força um formato de log (plugins os lista)",
    "zone of times that name none, in logs and in the output": (
        "fuso dos horários que não informam um, nos logs e na saída"
    ),
    "mask neither phone numbers nor texts": "não mascara números de telefone nem textos",
    "cores to read large logs with (default: all there are)": (
        "núcleos para ler logs grandes (padrão: todos os que há)"
    ),
    "read a log from its beginning, even if it only grew": (
        "lê o log desde o começo, mesmo que só tenha crescido"
    ),
    "show no progress of a long reading": "não mostra o andamento de uma leitura longa",
    "print one JSON object": "imprime um objeto JSON",
    "language (default: the locale's)": "idioma (padrão: o do locale)",
    "no colour": "sem cores",
    "the first line only": "só a primeira linha",
    "more evidence and figures": "mais evidências e números",
    "configuration file": "arquivo de configuração",
    "show this help": "mostra esta ajuda",
    "show the version": "mostra a versão",
    "only this conversation, raw or masked as a verdict shows it": (
        "só esta conversa, com o id do log ou mascarado como um veredito mostra"
    ),
    "only OUTBOX_TRACE, DELIVERY_TRACE, ... (comma separated)": (
        "só OUTBOX_TRACE, DELIVERY_TRACE, ... (separados por vírgula)"
    ),
    "write to FILE, a .md or a .json": "escreve em FILE, um .md ou um .json",
    "replace the file that is there": "substitui o arquivo existente",
    # answers
    "report written to {path}": "relatório escrito em {path}",
    "{path} written: every option with its default, commented out": (
        "{path} escrito: todas as opções com os seus padrões, comentadas"
    ),
    "{folder} written: a plugin package ({kind}), whose tests run with": (
        "{folder} escrito: um pacote de plugin ({kind}), cujos testes rodam com"
    ),
    # complaints
    "kind": "tipo",
    "--kind is missing: write --kind check, sink or layout": (
        "falta --kind: escreva --kind check, sink ou layout"
    ),
    (
        "the name {name!r} cannot be used: write at most {most} letters a-z and digits, "
        "beginning with a letter, with single hyphens between words (slow-turns)"
    ): (
        "o nome {name!r} não pode ser usado: escreva no máximo {most} letras a-z e algarismos, "
        "começando por uma letra, com hifens simples entre palavras (slow-turns)"
    ),
    "the name {name!r} cannot be used: the package is called {prefix}NAME by itself, write {rest!r}": (
        "o nome {name!r} não pode ser usado: o pacote já se chama {prefix}NAME, escreva {rest!r}"
    ),
    "the name {name!r} is taken by kumon-observe itself: choose another": (
        "o nome {name!r} já é do próprio kumon-observe: escolha outro"
    ),
    "{path} exists already: move it away or choose another name": (
        "{path} já existe: mova-o ou escolha outro nome"
    ),
    "command": "comando",
    "option": "opção",
    "there is no {what} {name!r}: did you mean {close!r}?": (
        "não existe {what} {name!r}: quis dizer {close!r}?"
    ),
    "there is no {what} {name!r}: use one of {known}": "não existe {what} {name!r}: use um destes: {known}",
    "no command was given: kumon-observe --help lists them": (
        "nenhum comando foi dado: kumon-observe --help os lista"
    ),
    "{name!r} is no command; to judge this log: kumon-observe health {name}": (
        "{name!r} não é um comando; para julgar este log: kumon-observe health {name}"
    ),
    "config needs one more word: config show or config check": (
        "config precisa de mais uma palavra: config show ou config check"
    ),
    "{name} is missing: see {command} --help": "falta {name}: veja {command} --help",
    "{name} needs a value": "{name} precisa de um valor",
    "{name} takes no value": "{name} não aceita valor",
    "{message}: see {command} --help": "{message}: veja {command} --help",
    "--quiet and --verbose contradict each other: give one of them": (
        "--quiet e --verbose se contradizem: use só uma das duas"
    ),
    "{name} {text!r} is empty: write {name} {what}": "{name} {text!r} está vazio: escreva {name} {what}",
    "a LOG is empty: give a file, a directory, a glob, or - for standard input": (
        "um LOG está vazio: informe um arquivo, uma pasta, um padrão (glob) ou - para a entrada padrão"
    ),
    "CONV is empty: give the id as the log has it, or the masked one that a verdict shows": (
        "CONV está vazio: informe o id como está no log ou o mascarado que um veredito mostra"
    ),
    "{name} {text!r} is no language here: write pt or en": (
        "{name} {text!r} não é um idioma daqui: escreva pt ou en"
    ),
    "{name} {text!r} is no whole number from {least} up": (
        "{name} {text!r} não é um número inteiro a partir de {least}"
    ),
    "{name} {text!r} is no time zone: write America/Sao_Paulo or UTC": (
        "{name} {text!r} não é um fuso horário: escreva America/Sao_Paulo ou UTC"
    ),
    "{name} {text!r} is no time: write 2024-01-15 10:00, 10:00, or 2h (two hours ago)": (
        "{name} {text!r} não é um horário: escreva 2024-01-15 10:00, 10:00 ou 2h (duas horas atrás)"
    ),
    "cannot write {path}: {why}": "não foi possível escrever {path}: {why}",
    "cannot write to standard output: {why}": "não foi possível escrever na saída padrão: {why}",
    "{path} exists already: --force replaces it": "{path} já existe: --force o substitui",
    "this release writes no HTML report: give {path} the ending .md or .json": (
        "esta versão não escreve relatório HTML: dê a {path} o final .md ou .json"
    ),
    "{path} says no form: give it the ending .md or .json": (
        "{path} não diz o formato: dê a ele o final .md ou .json"
    ),
    "this is a bug: {name}: {what} (--verbose shows where)": (
        "isto é um bug: {name}: {what} (--verbose mostra onde)"
    ),
}
