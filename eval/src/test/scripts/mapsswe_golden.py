#!/usr/bin/env python3
"""Outputs of two recognisers for the same references, and what NIST sc_stats finds (Debian package sctk 2.4.10).

    mapsswe_golden.py [--seed 1] > mapsswe-golden.tsv

Columns: test, reference, first hypothesis, second hypothesis; then, in the first line of each test, segments, mean,
standard deviation and Z as sc_stats prints them. First line a header. MatchedPairsTest reads it.
"""
import argparse
import random
import re
import subprocess
import tempfile
from pathlib import Path

WORDS = "a b c d the of and to in it was he that for his with".split()


def heard(rng, reference, rate):
    result = []
    for word in reference:
        if rng.random() < rate / 4:
            result.append(rng.choice(WORDS))
        if rng.random() >= rate / 4:
            result.append(rng.choice(WORDS) if rng.random() < rate else word)
    return result + ([rng.choice(WORDS)] if rng.random() < rate / 4 else [])


def sc_stats(rows):
    with tempfile.TemporaryDirectory() as folder:
        for name, side in (("ref", 0), ("one", 1), ("two", 2)):
            lines = (" ".join(row[side]) + f" (s_{i:04d})\n" for i, row in enumerate(rows))
            Path(folder, name + ".trn").write_text("".join(lines))
        # The alignments that -p writes are not read by this version's own sc_stats; those of the sgml report are.
        pipe = (
            "sctk sclite -r ref.trn trn -h one.trn trn one -h two.trn trn two -i rm -o sgml stdout"
            " | sctk sc_stats -p -t mapsswe -v -n -"
        )
        report = subprocess.run(pipe, cwd=folder, shell=True, capture_output=True, text=True).stdout
    pattern = r"\(# segs: (\d+)\).*\(mean: *(\S+)\) \(std dev: *(\S+)\) \(Z Stat: *(\S+)\)"
    return re.search(pattern, report).groups()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    rng = random.Random(parser.parse_args().seed)
    print("test\treference\tfirst\tsecond\tsegments\tmean\tdeviation\tz")
    for test in range(12):
        rates = rng.choice([(0.1, 0.1), (0.05, 0.2), (0.3, 0.2), (0.4, 0.1), (0.02, 0.03)])
        references = [[rng.choice(WORDS) for _ in range(rng.randint(1, 15))] for _ in range(25)]
        rows = [(r, heard(rng, r, rates[0]), heard(rng, r, rates[1])) for r in references]
        found = sc_stats(rows)
        for i, row in enumerate(rows):
            print(test, *(" ".join(side) for side in row), *(found if i == 0 else []), sep="\t")


if __name__ == "__main__":
    main()
