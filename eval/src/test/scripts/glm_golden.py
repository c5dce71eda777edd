#!/usr/bin/env python3
"""What NIST's csrfilt.sh (Debian's sctk) makes of random texts by the rules of rules.glm, as golden values for Glm.

    glm_golden.py [GLM COUNT]     writes glm-golden.tsv beside rules.glm; or compares nothing and prints, for another GLM

Columns: kind (stm, trn ref, trn hyp, ctm), text, filtered text; words of a ctm with their times, a bar between words.
"""
import os
import random
import re
import subprocess
import sys
from pathlib import Path

RESOURCES = Path(__file__).resolve().parent.parent / "resources/org/omniscribe/eval/score"
SCTK = "/usr/lib/sctk/bin"
GLM = Path(sys.argv[1]) if len(sys.argv) > 1 else RESOURCES / "rules.glm"
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 60


def csrfilt(kind, purpose, lines):
    done = subprocess.run(
        [f"{SCTK}/csrfilt.sh", "-i", kind, "-t", purpose, "-dh", str(GLM)],
        input="".join(line + "\n" for line in lines),
        env={**os.environ, "PATH": f"{SCTK}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()


def words():
    """Words that rules are about, and some that none is about."""
    found = set("the quick x-ray well-known th- -ing (um) (th-) o'clock a".split())
    for line in GLM.read_text(encoding="latin-1").splitlines():
        line = line.split(";;")[0]
        if "=>" in line:
            for part in re.split(r"=>|/|__", line):
                found |= {w for w in re.sub(r"[\[\]\"{}]", " ", part).split() if "@" not in w}
    return sorted(found)


def main():
    pick = random.Random(5)
    vocabulary = words()

    def text():
        chosen = [pick.choice(vocabulary) for _ in range(pick.randint(1, 9))]
        chosen = [w.lower() if pick.random() < 0.5 else w for w in chosen]
        if pick.random() < 0.2:
            chosen[pick.randrange(len(chosen)) : 0] = ["{", "gonna", "/", "going", "to", "}"]
        if pick.random() < 0.2:
            chosen[pick.randrange(len(chosen)) : 0] = ["(uh", "huh", "okay)"] if pick.random() < 0.5 else ["(mr)"]
        return " ".join(chosen)

    rows = []
    texts = [text() for _ in range(COUNT)]
    stm = csrfilt("stm", "ref", [f"f 1 s {i}.00 {i}.90 <o> {t}" for i, t in enumerate(texts)])
    rows += [("stm", t, line.split("<o>", 1)[1].strip()) for t, line in zip(texts, stm, strict=True)]
    for purpose in ("ref", "hyp"):
        trn = csrfilt("trn", purpose, [f"{t} (s-{i})" for i, t in enumerate(texts)])
        rows += [(f"trn {purpose}", t, re.sub(r"\s*\(s-\d+\)$", "", line)) for t, line in zip(texts, trn, strict=True)]
    plain = [re.sub(r"[{}/()]", "", t).split() for t in texts]
    for i, chosen in enumerate(plain):
        lines = csrfilt("ctm", "hyp", [f"f 1 {k}.00 0.60 {w} 0.5" for k, w in enumerate(chosen)])
        # Of a word that became nothing csrfilt leaves a line without a word, which no reader of ctm takes.
        kept = [line.split() for line in lines]
        kept = [[w for w in line if w != "0.5"] for line in kept]
        rows.append(("ctm", " ".join(chosen), " | ".join(" ".join(line[2:]) for line in kept if len(line) > 4)))
    out = "".join("\t".join(row) + "\n" for row in rows)
    if len(sys.argv) > 1:
        print(out, end="")
    else:
        (RESOURCES / "glm-golden.tsv").write_text(out)


main()
