"""What ``init`` says of the services that it writes."""

from __future__ import annotations

SENTENCES = {
    "write a systemd unit that runs the watch": "escreve uma unit do systemd que executa o watch",
    "write lines for a crontab that run the watch": "escreve linhas de crontab que executam o watch",
    "write a Docker Compose service that runs the watch": (
        "escreve um serviço do Docker Compose que executa o watch"
    ),
    "write to FILE; - for standard output": "grava em FILE; - para a saída padrão",
    "{path} written: its first lines say where it goes": (
        "{path} gravado: as primeiras linhas dizem para onde ele vai"
    ),
    "--{one} and --{other} are two files: write one after the other": (
        "--{one} e --{other} são dois arquivos: grave um depois do outro"
    ),
    "--output is for --systemd, --cron and --compose: name the configuration with --config FILE": (
        "--output é para --systemd, --cron e --compose: indique a configuração com --config FILE"
    ),
    "{path!r} has a sign that no service can be given: rename it": (
        "{path!r} tem um sinal que não se pode dar a um serviço: renomeie-o"
    ),
}
