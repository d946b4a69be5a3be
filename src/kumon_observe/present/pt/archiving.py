"""What is said of archiving a log."""

from __future__ import annotations

SENTENCES = {
    # the command
    "Keep a log": "Guardar um log",
    "compress, verify, then cut what is in the archive": "comprime, confere e então corta o que foi guardado",
    "say what would be done, and change nothing": "diz o que seria feito e não altera nada",
    # what was done
    "{n} bytes went into {archive}": "{n} bytes foram para {archive}",
    "{n} bytes would go into {archive}": "{n} bytes iriam para {archive}",
    "{packed} bytes packed; {left} bytes are left in the log": (
        "{packed} bytes comprimidos; restam {left} bytes no log"
    ),
    "{path} removed: it is not kept any longer": "{path} removido: já não é guardado",
    "{path} would be removed: it is not kept any longer": "{path} seria removido: já não é guardado",
    "nothing to do: it has {n} bytes of whole lines, and {least} are worth it": (
        "nada a fazer: tem {n} bytes de linhas inteiras, e vale a pena a partir de {least}"
    ),
    "it is a link, and what it leads to is archived: {log}": (
        "é um link, e o arquivo para onde ele leva é guardado: {log}"
    ),
    "{archive} is not as it was made, and is kept": "{archive} não está como foi criado e foi mantido",
    "a run before broke off and was undone: nothing had been cut": (
        "uma execução anterior foi interrompida e desfeita: nada tinha sido cortado"
    ),
    "a run before broke off and was finished: {archive}": (
        "uma execução anterior foi interrompida e concluída: {archive}"
    ),
    # why not
    "a run before broke off: archive without --dry-run finishes it first": (
        "uma execução anterior foi interrompida: archive sem --dry-run a conclui primeiro"
    ),
    "it is not archived, and nothing was cut: {reason}": "não foi guardado, e nada foi cortado: {reason}",
    "it is no regular file: name the log itself": "não é um arquivo comum: indique o próprio log",
    "it may not be read and written by this user: permission denied": (
        "este usuário não pode ler e gravar nele: permissão negada"
    ),
    "its name is that of a rotated log: name the one that is being written": (
        "o nome é de um log rotacionado: indique o que está sendo gravado"
    ),
    "its archives could not be told from others by their name: give it the ending .log": (
        "seus arquivos guardados não se distinguiriam de outros pelo nome: dê a ele a extensão .log"
    ),
    "{folder} may not be written by this user: set archive.directory": (
        "este usuário não pode gravar em {folder}: configure archive.directory"
    ),
    "{folder} has {free} bytes free, and {needed} are needed: make room there, or set archive.directory": (
        "{folder} tem {free} bytes livres, e são necessários {needed}: libere espaço ali ou configure "
        "archive.directory"
    ),
    "{folder} has the archives of {other}: choose another archive.directory": (
        "{folder} tem os arquivos guardados de {other}: escolha outro archive.directory"
    ),
    (
        "{path}, which tells what was archived, is damaged or of a newer release: "
        "look at the archives there, then remove it"
    ): (
        "{path}, que diz o que foi guardado, está danificado ou é de uma versão mais nova: "
        "confira os arquivos guardados ali e depois remova-o"
    ),
    (
        "{archive}, which a run made that broke off, is damaged: move it away once you know "
        "whether its lines are still in the log"
    ): (
        "{archive}, de uma execução interrompida, está danificado: mova-o quando souber "
        "se as linhas dele ainda estão no log"
    ),
    "another run archives it right now: wait until that has ended": (
        "outra execução o está guardando agora: espere que ela termine"
    ),
    "process {pid} archives it right now: wait until that has ended": (
        "o processo {pid} o está guardando agora: espere que ele termine"
    ),
    (
        "process {pid} ({name}) writes to it without appending, and would leave a hole: "
        "let it open the log with >> or in mode 'a'"
    ): (
        "o processo {pid} ({name}) grava nele sem acrescentar ao fim e deixaria um buraco: "
        "faça-o abrir o log com >> ou no modo 'a'"
    ),
    (
        "it has a hole, as somebody leaves who writes without appending: move it away, and let "
        "its writer open the log with >> or in mode 'a'"
    ): (
        "tem um buraco, como deixa quem grava sem acrescentar ao fim: mova-o e faça quem grava "
        "abrir o log com >> ou no modo 'a'"
    ),
    (
        "somebody has it open, and its filesystem cannot cut a log in use: "
        "archive it while nobody has, or keep it on ext4 or XFS"
    ): (
        "alguém o mantém aberto, e o sistema de arquivos não corta um log em uso: "
        "guarde-o quando ninguém o usar, ou mantenha-o em ext4 ou XFS"
    ),
    "it cannot be cut, and is as it was: {reason}": "não pode ser cortado e está como era: {reason}",
    "it became shorter meanwhile: somebody else truncates it, and two must not": (
        "ficou menor enquanto isso: mais alguém o trunca, e dois não podem"
    ),
    "what was archived is not what it begins with: somebody else changes it, or a disk is failing": (
        "o que foi guardado não é o começo dele: mais alguém o altera, ou um disco está falhando"
    ),
    # zstd
    "it is compressed with zstd: install kumon-observe[zstd]": (
        "está comprimido com zstd: instale kumon-observe[zstd]"
    ),
}
