"""What the engine says of a run, of a conversation and of the set-up."""

from __future__ import annotations

SENTENCES = {
    # a run
    "{reason}": "{reason}",
    "{source}: {what}": "{source}: {what}",
    "the check failed: {error}": "a verificação falhou: {error}",
    "its result is no CheckResult but {kind}": "o resultado dela não é um CheckResult, e sim {kind}",
    "it gave no result": "ela não deu resultado",
    "1 trace has no time, so the window leaves it out": "1 trace não tem horário e ficou fora do período",
    "{n} traces have no time, so the window leaves them out": (
        "{n} traces não têm horário e ficaram fora do período"
    ),
    "1 malformed trace was ignored": "1 trace malformado foi ignorado",
    "{n} malformed traces were ignored": "{n} traces malformados foram ignorados",
    "1 embedded trace was ignored: it stands inside another message": (
        "1 trace embutido foi ignorado: está dentro de outra mensagem"
    ),
    "{n} embedded traces were ignored: they stand inside other messages": (
        "{n} traces embutidos foram ignorados: estão dentro de outras mensagens"
    ),
    "1 untrusted trace was ignored: its logger is none of the app's": (
        "1 trace não confiável foi ignorado: o logger não é do app"
    ),
    "{n} untrusted traces were ignored: their loggers are none of the app's": (
        "{n} traces não confiáveis foram ignorados: os loggers não são do app"
    ),
    "1 unsealed trace was ignored: it has no seal that a key of [sealing] made": (
        "1 trace sem selo válido foi ignorado: não tem selo feito com uma chave de [sealing]"
    ),
    "{n} unsealed traces were ignored: they have no seal that a key of [sealing] made": (
        "{n} traces sem selo válido foram ignorados: não têm selo feito com uma chave de [sealing]"
    ),
    "1 oversized record was ignored: it is longer than max_record": (
        "1 registro grande demais foi ignorado: é maior que max_record"
    ),
    "{n} oversized records were ignored: they are longer than max_record": (
        "{n} registros grandes demais foram ignorados: são maiores que max_record"
    ),
    "1 line holds undecodable bytes, which are no UTF-8": "1 linha tem bytes que não são UTF-8",
    "{n} lines hold undecodable bytes, which are no UTF-8": "{n} linhas têm bytes que não são UTF-8",
    "no trace was seen": "nenhum trace foi visto",
    "no trace of this conversation was seen": "nenhum trace desta conversa foi visto",
    "no line of it is a log record of a known layout": (
        "nenhuma linha dele é um registro de log em formato conhecido"
    ),
    "no line of it is a log record of layout {layout}, nor of any other": (
        "nenhuma linha dele é um registro de log no formato {layout}, nem em nenhum outro"
    ),
    "layout {layout} explains no line of it, and layout {other} does: give that one, or none": (
        "o formato {layout} não explica nenhuma linha dele, e o {other} explica: informe esse ou nenhum"
    ),
    "layout {layout} explains no line of it: give none, and every line is tried with all of them": (
        "o formato {layout} não explica nenhuma linha dele: não informe nenhum, e cada linha é lida com todos"
    ),
    "layout {layout} failed: {error}": "o formato {layout} falhou: {error}",
    # a conversation
    "found something: {details}": "encontrou algo: {details}",
    "planned {planned}, delivered {delivered}": "planejou {planned}, entregou {delivered}",
    "planned {planned}, and no delivery followed within the grace": (
        "planejou {planned}, e nenhuma entrega veio dentro da tolerância"
    ),
    "planned {planned}, no delivery trace yet": "planejou {planned}, ainda sem trace do delivery",
    "{success} of {total} sends succeeded": "{success} de {total} envios deram certo",
    "sent, and no result was logged": "enviado, e nenhum resultado foi registrado",
    "wrong instance '{value}', seen {n} times": "instância errada '{value}', vista {n} vezes",
    "wrong instance '{value}', seen {n} times and not stopped by the app's guard": (
        "instância errada '{value}', vista {n} vezes e não barrada pelo guard do app"
    ),
    "planner and delivery differ in {ids}": "planner e delivery diferem em {ids}",
    "{lost} (shown by {by})": "{lost} (mostrado por {by})",
    "its traces": "seus traces",
    "the app's guard": "guard do app",
    # doctor
    "Python {version}": "Python {version}",
    "kumon-observe is not installed as a package, so its extras cannot be told": (
        "kumon-observe não está instalado como pacote; não dá para saber os seus extras"
    ),
    "installed: {names}": "instalados: {names}",
    "not installed, and needed only if used: {names}": "não instalados, e só necessários se usados: {names}",
    "install it with pip": "instale com pip",
    "time zone data is present": "os dados de fusos horários estão presentes",
    "there is no time zone data": "não há dados de fusos horários",
    "install tzdata": "instale tzdata",
    "{file} is in force": "{file} está em vigor",
    "traces need no seal: no key is configured under [sealing]": (
        "os traces não precisam de selo: nenhuma chave está configurada em [sealing]"
    ),
    "only traces count that are sealed with the key {keys}": (
        "só contam os traces selados com a chave {keys}"
    ),
    "only traces count that are sealed with one of the keys {keys}": (
        "só contam os traces selados com uma das chaves {keys}"
    ),
    "until then no log is judged": "até lá nenhum log é julgado",
    "1 trace has": "1 trace não tem",
    "{n} traces have": "{n} traces não têm",
    "{name}: {traces} no seal of a configured key": "{name}: {traces} selo de uma chave configurada",
    "give the app's emit.configure one of these keys ({keys}), or forged traces stand in the log": (
        "passe uma destas chaves ({keys}) ao emit.configure do app, ou há traces forjados no log"
    ),
    "no configuration file: the defaults are in force": "sem arquivo de configuração: valem os padrões",
    "correct it and try again": "corrija e tente de novo",
    "until then everything else here is looked at with the defaults": (
        "até lá, o resto aqui é visto com os padrões"
    ),
    "plugin {name} gives {names}": "o plugin {name} oferece {names}",
    "plugin {name}: {error}": "plugin {name}: {error}",
    "update or remove it ({origin}), or disable it under [plugins]": (
        "atualize ou remova ({origin}), ou desative em [plugins]"
    ),
    "plugins.disabled names {name}, and no plugin is called so": (
        "plugins.disabled cita {name}, e nenhum plugin tem esse nome"
    ),
    "see kumon-observe plugins for the names": "veja os nomes em kumon-observe plugins",
    "pseudonyms hold for this run alone: {path} cannot be written; make it so, or set state_dir": (
        "os pseudônimos só valem nesta execução: não é possível gravar em {path}; "
        "dê permissão de escrita ou defina state_dir"
    ),
    "the state folder is {path}": "a pasta de estado é {path}",
    "the state folder {path} cannot be written": "não é possível gravar na pasta de estado {path}",
    "make it writable, or set state_dir; until then pseudonyms change from run to run": (
        "dê permissão de escrita ou defina state_dir; até lá os pseudônimos mudam a cada execução"
    ),
    "no log is named, and there is no {name} here": "nenhum log foi informado, e não há {name} aqui",
    "name one on the command line, or under sources": "informe um na linha de comando ou em sources",
    "{name}: {error}": "{name}: {error}",
    "1 line": "1 linha",
    "{n} lines": "{n} linhas",
    "1 trace": "1 trace",
    "{n} traces": "{n} traces",
    "1 trace comes": "1 trace vem",
    "{n} traces come": "{n} traces vêm",
    "{name}: {traces} from a logger that is not trusted": "{name}: {traces} de um logger não confiável",
    "if the app writes them, add its logger to trusted_loggers ({trusted})": (
        "se é o app que os escreve, inclua o logger dele em trusted_loggers ({trusted})"
    ),
    "{name}: no trace in {lines}": "{name}: nenhum trace em {lines}",
    "check that the app logs its traces at level INFO to this log": (
        "verifique se o app grava os traces no nível INFO neste log"
    ),
    "{name}: {traces}, layouts {layouts}": "{name}: {traces}, formatos {layouts}",
    "the process that decompressed it died ({how}): run again": (
        "o processo que o descompactava morreu ({how}): execute de novo"
    ),
    "the process that read it from byte {start} to {end} died ({how}): run again": (
        "o processo que lia do byte {start} ao {end} morreu ({how}): execute de novo"
    ),
    "the compiled scan reads the logs": "a leitura compilada lê os logs",
    "the scan in Python reads the logs: the compiled one (native/) says the same, faster": (
        "a leitura em Python lê os logs: a compilada (native/) diz o mesmo, mais depressa"
    ),
}
