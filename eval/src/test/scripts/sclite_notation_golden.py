#!/usr/bin/env python3
"""References with choices, optional words and fragments, with and without times, and how NIST sclite -F -D counts them
(Debian package sctk 2.4.10).

    sclite_notation_golden.py [--pairs 300] [--recordings 6] [--seed 1] FOLDER

writes to FOLDER: notation.tsv with the columns reference, hypothesis, correct, substitutions, deletions, insertions;
times.stm, times.ctm, and times.tsv with the columns file, channel, start and the counts of each scored segment.
TranscriptScorerTest reads them; with -Domniscribe.sclite.notation=FOLDER it reads another such folder.
"""
import argparse
import random
import re
import subprocess
import tempfile
from pathlib import Path

WORDS = "a b c d the that this going thing to of it was".split()
FRAGMENTS = ["th-", "-ing", "go-", "-t", "w-", "x-"]


def word(rng, words):
    return rng.choice(FRAGMENTS) if rng.random() < 0.06 else rng.choice(words)


def text(rng, words, length, depth=0):
    """Tokens of NIST's notation, and one way of saying them."""
    tokens, said = [], []
    for _ in range(length):
        kind = rng.random()
        if kind < 0.12:
            w = word(rng, words)
            tokens.append(f"({w})")
            said += [w] if rng.random() < 0.5 else []
        elif kind < 0.26 and depth < 2:
            choices = []
            for _ in range(rng.choice([2, 2, 3])):
                empty = rng.random() < 0.25
                choices.append((["@"], []) if empty else text(rng, words, rng.randint(1, 3), depth + 1))
            tokens.append("{ " + " / ".join(" ".join(t) for t, _ in choices) + " }")
            said += rng.choice(choices)[1]
        else:
            w = word(rng, words)
            tokens.append(w)
            said.append(w)
    return tokens, said


def heard(rng, words, said):
    rate = rng.choice([0, 0.1, 0.3, 0.6])
    result = []
    for w in said:
        while rng.random() < rate / 3:
            result.append(word(rng, words))
        if w.strip("-") != w and rng.random() < 0.6:
            w = rng.choice(words)
        if rng.random() >= rate / 3:
            result.append(word(rng, words) if rng.random() < rate / 2 else w)
    return result


def sclite(folder, reference, hypothesis, *more):
    command = ["sctk", "sclite", "-F", "-D", "-r", *reference, "-h", *hypothesis, *more, "-o", "sgml", "stdout"]
    report = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    for match in re.finditer(r"<PATH ([^\n]*)>\n(.*?)</PATH>", report, re.S):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', match.group(1)))
        edits = [t[0] for t in match.group(2).replace("\n", "").split(":") if t]
        yield attributes, [edits.count(e) for e in "CSDI"]


def pairs(rng, count):
    rows = []
    for _ in range(count):
        words = WORDS[: rng.choice([3, 6, len(WORDS)])]
        tokens, said = text(rng, words, rng.choice([1, 3, 6, 12]))
        rows.append((" ".join(tokens), " ".join(heard(rng, words, said))))
    with tempfile.TemporaryDirectory() as folder:
        for name, side in (("ref.trn", 0), ("hyp.trn", 1)):
            Path(folder, name).write_text("".join(f"{r[side]} (s_{i:06d})\n" for i, r in enumerate(rows)))
        counts = {
            int(a["id"][3:-1]): c for a, c in sclite(folder, ("ref.trn", "trn"), ("hyp.trn", "trn"), "-i", "rm")
        }
    return [(*row, *counts[i]) for i, row in enumerate(rows)]


def recording(rng, name):
    """Lines of an stm and a ctm file; words stand in gaps, over borders, and before and behind all segments."""
    stm, ctm, time = [], [], rng.uniform(0, 3)
    for channel in "AB"[: rng.choice([1, 2])]:
        time = rng.uniform(0.5, 3)
        for _ in range(rng.randint(2, 12)):
            end = time + rng.uniform(0.5, 6)
            ignored = rng.random() < 0.15
            tokens, said = text(rng, WORDS, rng.randint(0, 9))
            label = rng.choice(["", "<O,F,00> "])
            shown = "IGNORE_TIME_SEGMENT_IN_SCORING" if ignored else " ".join(tokens)
            stm.append(f"{name} {channel} spk{rng.randint(1, 3)} {time:.2f} {end:.2f} {label}{shown}".strip())
            output = heard(rng, WORDS, said)
            at = time - 0.3
            for w in output:
                at = max(at, 0)
                length = rng.uniform(0.05, 2 * (end - time + 0.6) / (len(output) + 1))
                if rng.random() < 0.05:
                    ctm.append((channel, at, [f"{name} {channel} * * <ALT_BEGIN>", f"{name} {channel} {at:.2f} {length:.2f} {w}",
                                              f"{name} {channel} * * <ALT>", f"{name} {channel} {at:.2f} {length:.2f} {rng.choice(WORDS)}",
                                              f"{name} {channel} * * <ALT_END>"]))
                else:
                    ctm.append((channel, at, [f"{name} {channel} {at:.2f} {length:.2f} {w} {rng.random():.3f}"]))
                at += length * 0.8
            time = end + rng.choice([0, 0, rng.uniform(0, 2)])
    ctm.sort(key=lambda line: (line[0], float(f"{line[1]:.2f}")))
    return stm, [line for _, _, lines in ctm for line in lines]


def times(rng, count, folder):
    stm, ctm = [], []
    for i in range(count):
        a, b = recording(rng, f"rec{i:04d}")
        stm += a
        ctm += b
    Path(folder, "times.stm").write_text(";; segments\n" + "".join(line + "\n" for line in stm))
    Path(folder, "times.ctm").write_text(";; words\n" + "".join(line + "\n" for line in ctm))
    rows = [
        (a["file"].lower(), a["channel"].lower(), float(a["R_T1"]), *c)
        for a, c in sclite(folder, ("times.stm", "stm"), ("times.ctm", "ctm"))
    ]
    return sorted(rows)


def table(path, header, rows):
    lines = ["\t".join(header)] + ["\t".join(map(str, row)) for row in rows]
    path.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--recordings", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    counts = ["correct", "substitutions", "deletions", "insertions"]
    table(arguments.folder / "notation.tsv", ["reference", "hypothesis", *counts], pairs(rng, arguments.pairs))
    rows = times(rng, arguments.recordings, arguments.folder)
    table(arguments.folder / "times.tsv", ["file", "channel", "start", *counts], rows)


if __name__ == "__main__":
    main()
