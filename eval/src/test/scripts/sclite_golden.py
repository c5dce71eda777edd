#!/usr/bin/env python3
"""Random sentence pairs and how NIST sclite aligns them (Debian package sctk 2.4.10).

    sclite_golden.py [--pairs 400] [--seed 1] > sclite-golden.tsv

Columns: reference, hypothesis, edits of sclite's alignment in order (C, S, D, I), first line a header.
SclitePairsTest reads it; with -Domniscribe.sclite.pairs=FILE it reads another such file.
"""
import argparse
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

WORDS = "a b c d the of and to in it was he that for his with you had as her is at on not be she they we".split()


def pair(rng):
    """A reference and a hypothesis: unrelated, or one edited into the other; few words make many ties."""
    words = WORDS[: rng.choice([2, 2, 3, 4, 8, len(WORDS)])]
    longest = rng.choice([3, 6, 12, 12, 30])
    reference = [rng.choice(words) for _ in range(rng.randint(0, longest))]
    if rng.random() < 0.4:
        return reference, [rng.choice(words) for _ in range(rng.randint(0, longest))]
    rate = rng.choice([0.05, 0.2, 0.5])
    hypothesis = []
    for word in reference:
        while rng.random() < rate / 2:
            hypothesis.append(rng.choice(words))
        edit = rng.random()
        if edit < rate / 2:
            continue
        hypothesis.append(rng.choice(words) if edit < rate else word)
    return reference, hypothesis


def sclite(pairs):
    """The edits of each pair, read from sclite's sgml report."""
    with tempfile.TemporaryDirectory() as folder:
        for name, side in (("ref.trn", 0), ("hyp.trn", 1)):
            lines = (" ".join(p[side]) + f" (s_{i:06d})\n" for i, p in enumerate(pairs))
            Path(folder, name).write_text("".join(lines))
        command = ["sctk", "sclite", "-r", "ref.trn", "trn", "-h", "hyp.trn", "trn", "-i", "rm", "-o", "sgml", "stdout"]
        report = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    edits = {}
    for match in re.finditer(r'<PATH id="\(s_(\d+)\)"[^>]*>\n(.*?)</PATH>', report, re.S):
        tokens = [t for t in match.group(2).replace("\n", "").split(":") if t]
        edits[int(match.group(1))] = "".join(t[0] for t in tokens)
    return [edits[i] for i in range(len(pairs))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    pairs = [pair(rng) for _ in range(arguments.pairs)]
    print("reference\thypothesis\tedits")
    for (reference, hypothesis), edits in zip(pairs, sclite(pairs)):
        print(" ".join(reference), " ".join(hypothesis), edits, sep="\t")


if __name__ == "__main__":
    sys.exit(main())
