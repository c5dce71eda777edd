#!/usr/bin/env python3
"""What PocketSphinx makes of test sets, as files for `omniscribe score`.

Runs Debian's pocketsphinx with the acoustic model, dictionary and language model of Debian's pocketsphinx-en-us, all
options at their defaults, one process. Needs ffmpeg. Not part of CI.

    eval/rivals/pocketsphinx.py OUT DIR...

Each DIR holds a manifest.tsv: audio file, seconds, speaker and text, with tabs between them. OUT gets ref.tsv and
hyp.tsv for all sets together, and a folder of its own for each set with the same two files and what PocketSphinx said of
its time. Sets that are there already are not run again. Then:

    omniscribe score --ref OUT/ref.tsv --hyp OUT/hyp.tsv --normalizer basic
"""

import pathlib
import re
import subprocess
import sys
import tempfile

MODEL = pathlib.Path("/usr/share/pocketsphinx/model/en-us")


def utterances(folder):
    """(id, audio file, text) of each line of a manifest; the id is the audio file's path without its ending."""
    for line in (folder / "manifest.tsv").read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) >= 4:
            name = f"{folder.parent.name}/{folder.name}/{pathlib.PurePath(fields[0]).with_suffix('')}"
            yield name, folder / fields[0], fields[3]


def recognise(items, log):
    """What is heard in each audio file, in their order."""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for i, (_, audio, _) in enumerate(items):
            raw = ["-ac", "1", "-ar", "16000", "-f", "s16le", scratch / f"{i:06}.raw"]
            subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-i", audio, *raw], check=True)
        control = scratch / "control"
        control.write_text("".join(f"{i:06}\n" for i in range(len(items))))
        found = scratch / "found"
        with open(log, "w", encoding="utf-8") as err:
            subprocess.run(
                ["pocketsphinx_batch", "-hmm", MODEL / "en-us", "-lm", MODEL / "en-us.lm.bin"]
                + ["-dict", MODEL / "cmudict-en-us.dict", "-adcin", "yes", "-cepdir", scratch, "-cepext", ".raw"]
                + ["-ctl", control, "-hyp", found],
                stdout=err,
                stderr=err,
                check=True,
            )
        lines = found.read_text(encoding="utf-8").splitlines()
        texts = {m[2]: m[1].strip() for m in (re.fullmatch(r"(.*)\((\d{6}) -?\d+\)", line) for line in lines)}
        return [texts[f"{i:06}"] for i in range(len(items))]


def write(file, rows):
    file.write_text("".join(f"{name}\t{text}\n" for name, text in rows), encoding="utf-8")


def main(out, folders):
    references, hypotheses = [], []
    for folder in folders:
        items = list(utterances(folder))
        here = out / f"{folder.parent.name}-{folder.name}"
        here.mkdir(parents=True, exist_ok=True)
        if not (here / "hyp.tsv").exists():
            texts = recognise(items, here / "log")
            write(here / "ref.tsv", [(name, text) for name, _, text in items])
            write(here / "hyp.tsv", [(name, text) for (name, _, _), text in zip(items, texts)])
        references.append((here / "ref.tsv").read_text(encoding="utf-8"))
        hypotheses.append((here / "hyp.tsv").read_text(encoding="utf-8"))
        print(f"{folder}: {len(items)} utterances", file=sys.stderr)
    (out / "ref.tsv").write_text("".join(references), encoding="utf-8")
    (out / "hyp.tsv").write_text("".join(hypotheses), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), [pathlib.Path(a) for a in sys.argv[2:]])
