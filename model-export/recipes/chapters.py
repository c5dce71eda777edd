#!/usr/bin/env python3
"""Cuts read chapters whose text is known into utterances to train on, where a model and the text agree.

    chapters.py DIR --dictionary train.dict --tokens tokens.txt --out OUT [--model BUNDLE] [--omniscribe COMMAND]

DIR/chapters.tsv has a line for each chapter: recording, seconds, speaker and file of text, with tabs between them. The
likeliest CTC path through the whole text is found (Viterbi; whatever stands before and behind it may be anything), the
chapter is cut at pauses, and what is left out is: stretches that fit badly, are spoken far too fast or slowly, lack words of
the text, or have words that the dictionary lacks. Writes OUT/audio/*.flac and OUT/manifest.tsv.
BUNDLE is the built-in model unless it is given, and tokens.txt is what lies in it. Needs numpy, sox and ffmpeg.
"""
import argparse, math, os, re, subprocess, tempfile

import numpy as np

WINDOW, HOP, MARGIN = 2808, 2400, 204  # frames that the network hears at once; whole steps of up to 4 and of 6 frames
FRAME = 0.01
STRANGE = 0.6  # what a step of anything costs, against the likeliest token
WORST = 0.9  # mean loss of a stretch, in nats a step


def run(*command):
    subprocess.run([str(word) for word in command], check=True)


def log_probs(wav, args, work):
    """[step][token] and the seconds of a step, with windows that overlap, since no network hears a chapter at once."""
    features, out = work + "/features.npy", work + "/out.npy"
    run(args.omniscribe, "features", wav, "--out", features)
    x = np.load(features)
    count = max(1, math.ceil(len(x) / HOP))
    padded = np.zeros((MARGIN + count * HOP + MARGIN, x.shape[1]), np.float32)
    padded[MARGIN:MARGIN + len(x)] = x
    np.save(features, np.stack([padded[i * HOP:i * HOP + WINDOW] for i in range(count)]))
    run(args.omniscribe, "model", "run", args.model, "--features", features, "--out", out)
    heard = np.load(out)
    frames = WINDOW // heard.shape[1]
    return (np.concatenate([p[MARGIN // frames:(MARGIN + HOP) // frames] for p in heard])[:len(x) // frames],
            frames * FRAME)


def pieces(word, ids):
    """The fewest tokens that write a word, or None."""
    text = "▁" + word
    best = [(0, None)] + [(math.inf, None)] * len(text)
    for end in range(1, len(text) + 1):
        for begin in range(max(0, end - 12), end):
            if text[begin:end] in ids and best[begin][0] + 1 < best[end][0]:
                best[end] = best[begin][0] + 1, begin
    tokens, end = [], len(text)
    while end > 0:
        if best[end][1] is None:
            return None
        tokens.insert(0, ids[text[best[end][1]:end]])
        end = best[end][1]
    return tokens


def align(probs, tokens):
    """The state of every step: 0 before the text, 2, 4, ... its tokens, odd ones blanks, the last one behind it."""
    states = 2 * len(tokens) + 3
    label = np.zeros(states, int)
    label[2:-1:2] = tokens
    skip = np.zeros(states, bool)
    skip[4:-1:2] = label[4:-1:2] != label[2:-3:2]
    skip[2] = skip[-1] = True
    score = np.full(states, -1e30)
    score[0] = 0
    back = np.zeros((len(probs), states), np.int8)
    for t, row in enumerate(probs):
        emitted = row[label]
        emitted[0] = emitted[-1] = row.max() - STRANGE
        one = np.concatenate([[-1e30], score[:-1]])
        two = np.where(skip, np.concatenate([[-1e30, -1e30], score[:-2]]), -1e30)
        choices = np.stack([score, one, two])
        back[t] = choices.argmax(0)
        score = choices.max(0) + emitted
    state = states - 1 - int(np.argmax(score[:-4:-1]))
    path = np.zeros(len(probs), int)
    for t in range(len(probs) - 1, -1, -1):
        path[t] = state
        state -= int(back[t, state])
    outside = (path == 0) | (path == states - 1)
    loss = np.where(outside, 0, probs.max(1) - probs[np.arange(len(probs)), label[path]])
    return path, loss


def stretches(words, first, last, step):
    """Words of the text that belong together, cut at pauses: the longer a stretch is, the shorter a pause will do."""
    begin = 0
    for i, word in enumerate(words):
        gap = (first[words[i + 1]] - last[word]) * step if i + 1 < len(words) else math.inf
        seconds = (last[word] - first[words[begin]]) * step
        if seconds >= 3 and gap >= .47 or seconds >= 8 and gap >= .27 or seconds >= 13 and gap >= .19 or gap == math.inf:
            yield begin, i
            begin = i + 1


def chapter(args, line, ids, known, work, manifest):
    recording, _, speaker, text_file = line.rstrip("\n").split("\t")
    name = os.path.splitext(os.path.basename(recording))[0]
    wav = work + "/chapter.wav"
    run("ffmpeg", "-v", "error", "-y", "-i", os.path.join(args.dir, recording), "-ar", 16000, "-ac", 1, wav)
    probs, step = log_probs(wav, args, work)
    text = open(os.path.join(args.dir, text_file), encoding="utf-8").read().lower().replace("’", "'")
    words = re.sub(r"[^a-z' ]+", " ", re.sub(r"[—-]", " ", text)).split()
    words = [w if w in known else w.strip("'") for w in words]
    words = [w for w in words if w and pieces(w, ids)]
    written = [(token, i) for i, word in enumerate(words) for token in pieces(word, ids)]
    path, loss = align(probs, [token for token, _ in written])
    first, last = {}, {}
    for t, state in enumerate(path):
        if state >= 2 and state % 2 == 0 and state < 2 * len(written) + 2:
            word = written[state // 2 - 1][1]
            first.setdefault(word, t)
            last[word] = t
    heard = sorted(first)
    kept = 0
    for number, (begin, end) in enumerate(stretches(heard, first, last, step)):
        from_step, to_step = first[heard[begin]], last[heard[end]]
        before = last[heard[begin - 1]] if begin else 0
        after = first[heard[end + 1]] if end + 1 < len(heard) else len(probs)
        start = max(from_step * step - min(.24, max(1, (from_step - before) // 2) * step), 0)
        stop = min((to_step + 1) * step + min(.32, max(1, (after - to_step) // 2) * step), len(probs) * step)
        said = words[heard[begin]:heard[end] + 1]
        pace = (stop - start) / len(said)
        whole = heard[end] - heard[begin] == end - begin
        fits = loss[from_step:to_step + 1].mean() < WORST and 0.18 < pace < 0.8 and 1.5 < stop - start < 20
        if whole and fits and all(word in known for word in said):
            cut = f"audio/{name}-{number:03d}.flac"
            run("sox", wav, os.path.join(args.out, cut), "trim", f"{start:.2f}", f"={stop:.2f}")
            manifest.write(f"{cut}\t{stop - start:.2f}\t{speaker}\t{' '.join(said)}\n")
            kept += stop - start
    print(f"{name}: {kept:.0f} of {len(probs) * step:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir")
    parser.add_argument("--dictionary", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--model", default="default")
    parser.add_argument("--tokens", required=True, help="the model's tokens.txt, the blank first")
    parser.add_argument("--omniscribe", default="./omniscribe")
    args = parser.parse_args()
    tokens = open(args.tokens, encoding="utf-8").read().splitlines()
    ids = {token: i for i, token in enumerate(tokens) if i > 0}
    known = {line.split()[0] for line in open(args.dictionary, encoding="utf-8") if line.strip()}
    os.makedirs(args.out + "/audio", exist_ok=True)
    with open(args.out + "/manifest.tsv", "w", encoding="utf-8") as manifest, tempfile.TemporaryDirectory() as work:
        with open(os.path.join(args.dir, "chapters.tsv"), encoding="utf-8") as chapters:
            for line in chapters:
                chapter(args, line, ids, known, work, manifest)


main()
