#!/usr/bin/env python3
"""Makes synthetic speech to train on: Debian's flite and festival voices read sentences, sox makes many speakers of them.

    synthetic.py SENTENCES... --dictionary train.dict --hours 10 --out DIR

Takes sentences of 4 to 18 words that the dictionary knows whole, in an order that depends on the seed alone, and writes
DIR/audio/*.flac (16 kHz) and DIR/manifest.tsv (path, seconds, speaker, text) until there are enough hours. Every
sentence gets a voice, a length of the vocal tract (the sound is played 0.84 to 1.2 times as fast, which moves the
formants), a pitch and a pace of its own. Needs flite, festival with festvox-kdlpc16k and festvox-us-slt-hts, and sox.
"""
import argparse, gzip, os, random, re, subprocess, sys, tempfile

FLITE = ["awb", "rms", "slt", "kal16"]
FESTIVAL = ["voice_ked_diphone", "voice_cmu_us_slt_arctic_hts"]
BATCH = 40


def sentences(files, known):
    for file in files:
        opener = gzip.open if file.endswith(".gz") else open
        with opener(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = line.strip().lower().replace("’", "'")
                text = re.sub(r"[^a-z' ]+", " ", re.sub(r"[.,;:!?\"“”()‘]|--+", " ", text)) if re.fullmatch(
                    r"[a-z' .,;:!?\"“”()‘-]+", text) else ""
                words = text.split()
                if 4 <= len(words) <= 18 and all(w in known for w in words):
                    yield " ".join(words)


def speak(voice, texts, folder, draw):
    """Raw speech of one voice, a file a text; festival reads a whole batch, as it starts slowly."""
    raw = [os.path.join(folder, f"{i}.wav") for i in range(len(texts))]
    if voice in FLITE:
        pitch = {"slt": 170, "kal16": 110, "rms": 100, "awb": 125}[voice]
        for text, file in zip(texts, raw):
            subprocess.run(["flite", "-voice", voice, "--setf", f"duration_stretch={draw.uniform(0.85, 1.25):.3f}", "--setf",
                            f"int_f0_target_mean={pitch * draw.uniform(0.8, 1.25):.1f}", "--setf",
                            f"int_f0_target_stddev={draw.uniform(8, 24):.1f}", "-t", text, "-o", file], check=True)
    else:
        lines = [f"({voice})"]
        for text, file in zip(texts, raw):
            lines.append(f"(Parameter.set 'Duration_Stretch {draw.uniform(0.85, 1.25):.3f})")
            lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{text}")) "{file}" \'riff)')
        subprocess.run(["festival", "--pipe"], input="\n".join(lines), text=True, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    return raw


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sentences", nargs="+", help="a text file, a sentence a line; .gz too")
    options.add_argument("--dictionary", required=True, help="word, then its phones")
    options.add_argument("--hours", type=float, default=10)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", required=True)
    given = options.parse_args()
    with open(given.dictionary, encoding="utf-8") as lines:
        known = {line.split()[0] for line in lines if line.strip()}
    texts = sorted(set(sentences(given.sentences, known)))
    random.Random(given.seed).shuffle(texts)
    os.makedirs(os.path.join(given.out, "audio"), exist_ok=True)
    # What an earlier, interrupted run left half written is made again: the draws depend on the number of the batch alone.
    total, batch = 0.0, 0
    with open(os.path.join(given.out, "manifest.tsv"), "w", encoding="utf-8") as manifest:
        while total < given.hours * 3600 and batch * BATCH < len(texts):
            draw = random.Random(f"{given.seed} {batch}")
            voice = (FLITE + FESTIVAL)[batch % 6]
            part = texts[batch * BATCH:(batch + 1) * BATCH]
            with tempfile.TemporaryDirectory() as folder:
                for i, (text, raw) in enumerate(zip(part, speak(voice, part, folder, draw))):
                    speed, tempo = draw.uniform(0.84, 1.2), draw.uniform(0.85, 1.2)
                    name = f"audio/{batch:04d}-{i:02d}.flac"
                    file = os.path.join(given.out, name)
                    if not os.path.exists(raw) or subprocess.run(
                            ["sox", "-G", raw, "-r", "16000", "-b", "16", "-c", "1", file, "speed", f"{speed:.3f}", "tempo",
                             "-s", f"{tempo / speed:.3f}"], stderr=subprocess.DEVNULL).returncode:
                        continue
                    seconds = float(subprocess.check_output(["soxi", "-D", file]))
                    total += seconds
                    print(name, f"{seconds:.3f}", f"{voice}-{batch}-{i}", text, sep="\t", file=manifest)
            batch += 1
            print(f"{batch} batches, {total / 3600:.2f} h", file=sys.stderr)


main()
