#!/usr/bin/env bash
# QR codes: a short name in Russian or German is read in Japanese or Chinese letters.
#
# To be expected: what segno draws, zbar reads, in ISO 8859-1, as the standard has it, or in UTF-8.
# What happens: zbar guesses the encoding of bytes that do not say theirs (ECI), and for a short text it
# guesses wrong, in UTF-8 and in ISO 8859-1. segno draws a purely Russian word as Kanji, by default,
# which has Cyrillic letters too, and reads well; with a digit, as UTF-8. With the encoding named, it
# is bytes again. With eci=True, which other readers may not know, all is read as it was.
source "$(dirname "$(realpath "$0")")/common.sh"
need zbarimg zbar-tools
python_with segno==1.6.6

cat >draw.py <<'PYTHON'
import subprocess

import segno

HOW = {"by default": {}, "utf-8": {"encoding": "utf-8"}, "with ECI": {"encoding": "utf-8", "eci": True}}
for text in "токен", "Иван", "токен 1", "Größe", "PIN 1234":
    for name, how in HOW.items():
        code = segno.make(text, micro=False, **how)
        code.save("code.png", scale=6)
        read = subprocess.run(["zbarimg", "--quiet", "--raw", "code.png"], capture_output=True, text=True)
        print(f"{text}, {name}: {code.mode}, read as {read.stdout.strip()}")
PYTHON
"$python" draw.py >seen
expect seen <<'EOT'
токен, by default: kanji, read as токен
токен, utf-8: byte, read as ﾑひｾﾐｺﾐｵﾐｽ
токен, with ECI: byte, read as токен
Иван, by default: kanji, read as Иван
Иван, utf-8: byte, read as ﾐ侑ｲﾐｰﾐｽ
Иван, with ECI: byte, read as Иван
токен 1, by default: byte, read as токен 1
токен 1, utf-8: byte, read as ﾑひｾﾐｺﾐｵﾐｽ 1
токен 1, with ECI: byte, read as токен 1
Größe, by default: byte, read as Gr廲e
Größe, utf-8: byte, read as Grﾃｶﾃ歹
Größe, with ECI: byte, read as Größe
PIN 1234, by default: alphanumeric, read as PIN 1234
PIN 1234, utf-8: alphanumeric, read as PIN 1234
PIN 1234, with ECI: alphanumeric, read as PIN 1234
EOT
