"""What happens while a source is read, and what is wrong with a record."""

from __future__ import annotations

SENTENCES = {
    # records
    "{field} is missing": "falta {field}",
    "{field} is none of {choices}": "{field} não é nenhum de {choices}",
    "{field} is no count": "{field} não é um número",
    "{field} is not escaped as its trace says": "{field} não está escapado como o trace diz",
    "it has no seal": "não tem selo",
    "its seal is of no key that is known": "o selo não é de nenhuma chave conhecida",
    "its seal is wrong": "o selo está errado",
    "logger {logger} is not trusted": "o logger {logger} não é confiável",
    "it is no UTF-8 text: convert it before it is judged": "não é texto UTF-8: converta-o antes de julgar",
    # files
    "it does not exist: check the path": "não existe: confira o caminho",
    "it may not be read by this user: permission denied": "este usuário não pode ler: permissão negada",
    "it cannot be opened: {reason}": "não pode ser aberto: {reason}",
    "it could be read only up to byte {n}: {reason}": "só pôde ser lido até o byte {n}: {reason}",
    "it is cut off: it was read only up to byte {n} of its content": (
        "está cortado: só foi lido até o byte {n} do conteúdo"
    ),
    "it is damaged: it was read only up to byte {n} of its content": (
        "está danificado: só foi lido até o byte {n} do conteúdo"
    ),
    "it is empty": "está vazio",
    "it is empty and has rotated logs beside it: run again with --rotated": (
        "está vazio e há logs rotacionados ao lado: execute de novo com --rotated"
    ),
    "it was replaced while it was read: run again with --rotated": (
        "foi substituído durante a leitura: execute de novo com --rotated"
    ),
    "it shrank while it was read, from {before} to {after} bytes: run again with --rotated": (
        "encolheu durante a leitura, de {before} para {after} bytes: execute de novo com --rotated"
    ),
    "it has bytes after its compressed content, which were not read": (
        "tem bytes depois do conteúdo comprimido, que não foram lidos"
    ),
    "it ends in padding, which was ignored": "termina em preenchimento, que foi ignorado",
    "it is compressed with {method}: decompress it first": "está comprimido com {method}: descomprima antes",
    "it is not compressed in spite of its name, and was read as it is": (
        "não está comprimido, apesar do nome, e foi lido como está"
    ),
    # archives
    "it is an archive without logs: name one that has some": (
        "é um arquivo compactado sem logs: informe um que tenha"
    ),
    "its archive cannot be read whole: {reason}": "o arquivo compactado não pode ser lido inteiro: {reason}",
    "it is no longer in its archive: run again": "não está mais no arquivo compactado: execute de novo",
    "it is no archive in spite of its name, and was read as one log": (
        "não é um arquivo compactado, apesar do nome, e foi lido como um só log"
    ),
    "it is no archive that can be read: it is damaged": (
        "o arquivo compactado não pode ser lido: está danificado"
    ),
    "it is an archive that cannot be read after byte {n}: it is damaged": (
        "o arquivo compactado não pode ser lido depois do byte {n}: está danificado"
    ),
    "it is an archive with a file name of {n} bytes: it is damaged": (
        "o arquivo compactado tem um nome de arquivo de {n} bytes: está danificado"
    ),
    "it is an archive: give the archive's own path instead of piping it": (
        "é um arquivo compactado: informe o caminho dele em vez de usar um pipe"
    ),
    # names
    "it cannot be searched for rotated logs: {reason}": (
        "não é possível procurar logs rotacionados ali: {reason}"
    ),
    "the name is empty: name a file, a folder or -": "o nome está vazio: informe um arquivo, uma pasta ou -",
    "no log matches it: check the pattern": "nenhum log corresponde: confira o padrão",
    "it is a folder without logs: name the log itself": "é uma pasta sem logs: informe o próprio log",
    "it is not on this machine: install kumon-observe[remote]": (
        "não está nesta máquina: instale kumon-observe[remote]"
    ),
    "it is closed: pipe a log into it or name a file": (
        "está fechada: envie um log por pipe ou informe um arquivo"
    ),
    "it is a socket, not a log: name a file": "é um socket, não um log: informe um arquivo",
    "it is a device, not a log: name a file": "é um dispositivo, não um log: informe um arquivo",
    "it is a pipe that nobody wrote to within {seconds} seconds: start its writer first": (
        "é um pipe em que ninguém escreveu em {seconds} segundos: inicie antes quem escreve nele"
    ),
    # the same lines twice
    "{copy}: {reason}": "{copy}: {reason}",
    "{copy} has the same content and was counted once": (
        "{copy} tem o mesmo conteúdo e foi contado uma vez só"
    ),
    "{copy} has the beginning of the same content and was counted once": (
        "{copy} tem o começo do mesmo conteúdo e foi contado uma vez só"
    ),
    "its first {n} bytes stand at the end of {older} too, and were counted once": (
        "seus primeiros {n} bytes também estão no fim de {older} e foram contados uma vez só"
    ),
    "{other} is the same file and was read once": "{other} é o mesmo arquivo e foi lido uma vez só",
    "{name} was named twice and was read once": "{name} foi informado duas vezes e lido uma vez só",
}
