#!/usr/bin/env python3
"""Which single words the original normalisers spell otherwise than spellings.tsv does, found by asking them.

    spelling_corrections.py --whisper DIR --open-asr DIR > spelling-corrections.tsv

DIR as for normalizer_golden.py. Every word of Debian's wamerican-huge and wbritish-huge (SCOWL), and of spellings.tsv, is
given to the part of either program that changes spellings; their tables are not looked at. Columns: whisper-en or open-asr,
word, what becomes of it. Rows of open-asr count on top of those of whisper-en.
"""
import argparse
import re
import sys
from pathlib import Path

from normalizer_golden import originals

SPELLINGS = Path(__file__).resolve().parents[1].parent / "main/resources/org/omniscribe/eval/text/spellings.tsv"


def words(base):
    found = set(base) | set(base.values()) | {"mhm", "mm", "mmm", "hmm", "kay", "ok", "okay"}
    for name in ("american-english-huge", "british-english-huge"):
        found |= {w.strip().lower() for w in open(f"/usr/share/dict/{name}", encoding="utf-8")}
    return sorted(w for w in found if re.fullmatch("[a-z]+", w))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--whisper", required=True)
    options.add_argument("--open-asr", required=True)
    options = options.parse_args()
    lines = SPELLINGS.read_text(encoding="utf-8").splitlines()
    base = dict(line.split("\t") for line in lines if not line.startswith("#"))
    programs = originals(options.whisper, options.open_asr)
    asked = words(base)
    known = {w: base.get(w, w) for w in asked}
    print("# Where the programs spell otherwise than spellings.tsv, as spelling_corrections.py found by asking them:")
    print("# normaliser, word, what becomes of it. Rows of open-asr count on top of those of whisper-en.")
    for name, program in programs.items():
        for word in asked:
            spelled = program.standardize_spellings(word)
            if spelled != known[word]:
                print(name, word, spelled, sep="\t")
                known[word] = spelled
    print(len(asked), "words asked", file=sys.stderr)


if __name__ == "__main__":
    main()
