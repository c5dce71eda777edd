#!/usr/bin/env python3
"""Whether every count in the report of a run is NIST sclite's (Debian package sctk).

    sclite_run.py RUN [--notation]

scores each SYSTEM/SET/ref.trn and hyp.trn below RUN/report and compares words, correct, substitutions, deletions,
insertions, sentences and wrong sentences with report.json. --notation adds -F -D, for runs scored with the normalisers
nist and kaldi where sets have NIST's choices. Ends with 1 if a count differs.
"""
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote


def sclite(folder, notation):
    """The counts of all utterances together."""
    command = ["sctk", "sclite", "-r", "ref.trn", "trn", "-h", "hyp.trn", "trn", "-i", "rm", "-s", "-o", "pralign", "stdout"]
    report = subprocess.run(
        command + (["-F", "-D"] if notation else []), cwd=folder, check=True, capture_output=True, text=True
    ).stdout
    scores = [tuple(map(int, s)) for s in re.findall(r"^Scores: \(#C #S #D #I\) (\d+) (\d+) (\d+) (\d+)$", report, re.M)]
    correct, substitutions, deletions, insertions = (sum(s[i] for s in scores) for i in range(4))
    return {
        "words": correct + substitutions + deletions,
        "correct": correct,
        "substitutions": substitutions,
        "deletions": deletions,
        "insertions": insertions,
        "sentences": len(scores),
        "sentenceErrors": sum(1 for s in scores if any(s[1:])),
    }


def main():
    report = Path(sys.argv[1], "report")
    compared = wrong = 0
    for system in json.loads((report / "report.json").read_text(encoding="utf-8"))["systems"]:
        for figures in system["sets"]:
            folder = report / quote(system["name"], safe="._-") / quote(figures["name"], safe="._-")
            if figures["sentences"] == 0:
                continue
            theirs = sclite(folder, "--notation" in sys.argv)
            ours = {name: figures[name] for name in theirs}
            compared += figures["sentences"]
            if ours != theirs:
                wrong += 1
                print(f"{system['name']}, {figures['name']}: sclite {theirs}, report {ours}")
    print(f"{compared} utterances compared, {wrong} sets differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
