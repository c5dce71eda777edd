#!/usr/bin/env python3
"""Makes a tiny copy of each of the ten benchmarks, in its original layout and audio format, from synthetic speech.

Writes corpora/ and corpora.tsv below datasets/src/test/resources/org/omniscribe/datasets/corpora. The table has what a
reader must find: name of the part, id, file, channel, start, end, speaker, text, and the loudness (mean absolute value) of
eight equal parts of the sound, as ffmpeg decodes it.

Needs espeak-ng, sox, ffmpeg, flac, lame, oggenc and numpy. No sentence is from a corpus.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "asr-core/src/test/scripts"))
import shorten

RATE = 16000
OUT = HERE.parent / "resources/org/omniscribe/datasets/corpora"
ROOT = OUT / "corpora"
TABLE = []


def run(*command, data=None):
    return subprocess.run([str(c) for c in command], input=data, check=True, stdout=subprocess.PIPE).stdout


def say(text, voice="en-us", speed=240, pitch=50):
    wav = run("espeak-ng", "-v", voice, "-s", speed, "-p", pitch, "--stdout", text)
    pcm = run("ffmpeg", "-v", "error", "-i", "-", "-ar", RATE, "-ac", 1, "-f", "f32le", "-", data=wav)
    samples = np.frombuffer(pcm, np.float32)
    return 0.5 * samples / max(1e-9, np.abs(samples).max())


def track(seconds, *spoken):
    """Speech at its times in a quiet hiss."""
    samples = np.random.default_rng(1).normal(0, 1e-3, int(seconds * RATE)).astype(np.float32)
    for at, voice in spoken:
        begin = int(at * RATE)
        end = min(len(samples), begin + len(voice))
        samples[begin:end] += voice[: end - begin]
    return samples


def write(path, *channels, rate=RATE, sox=(), encoder=None):
    """A file of one channel or more: by sox, whose options follow, or by a command that reads WAV."""
    path = ROOT / path
    path.parent.mkdir(parents=True, exist_ok=True)
    pcm = np.stack(channels, 1).astype("<f4").tobytes()
    raw = ["-t", "raw", "-e", "float", "-b", 32, "-r", RATE, "-c", len(channels), "-"]
    if encoder:
        with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
            run("sox", "-D", *raw, "-r", rate, "-b", 16, wav.name, data=pcm)
            run(*[wav.name if part == "-" else part for part in encoder], path)
    else:
        run("sox", "-D", *raw, "-r", rate, *sox, path, data=pcm)


def text(path, *lines, encoding="utf-8"):
    path = ROOT / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines), encoding=encoding)


def expect(part, name, path, channel, start, end, speaker, words):
    """An utterance for the table; without an end, the whole file."""
    pcm = run("ffmpeg", "-v", "error", "-i", ROOT / path, "-ar", RATE, "-f", "f32le", "-")
    channels = 1 if path.endswith(".wv1") else int(run("soxi", "-c", ROOT / path))
    samples = np.frombuffer(pcm, np.float32).reshape(-1, channels)
    samples = samples.mean(1) if channel < 0 else samples[:, channel]
    whole = end is None
    end = len(samples) / RATE if whole else end
    cut = samples[round(start * RATE) : round(end * RATE)]
    loudness = " ".join(f"{np.abs(p).mean():.4f}" for p in np.array_split(cut, 8))
    TABLE.append([part, name, path, channel, int(whole), f"{start:.2f}", f"{end:.4f}", speaker, words, loudness])


def librispeech():
    for kind, chapter, sentences in (
        ("clean", "1089/134686", ["the kettle sang", "nobody answered"]),
        ("other", "367/130732", ["rain fell all day"]),
    ):
        prefix = chapter.replace("/", "-")
        lines = []
        for i, sentence in enumerate(sentences):
            path = f"LibriSpeech/test-{kind}/{chapter}/{prefix}-{i:04d}.flac"
            write(path, track(1.4, (0.1, say(sentence, pitch=30 + 20 * i))), encoder=["flac", "-s", "-f", "-8", "-", "-o"])
            lines.append(f"{prefix}-{i:04d} {sentence.upper()}")
            expect(f"librispeech-{kind}", f"{prefix}-{i:04d}", path, -1, 0, None, prefix.split("-")[0], sentence.upper())
        text(f"LibriSpeech/test-{kind}/{chapter}/{prefix}.trans.txt", *lines)


def tedlium():
    talk = "AimeeMullins_2009P"
    base = "TEDLIUM_release-3/legacy/test"
    write(f"{base}/sph/{talk}.sph", track(1.8, (0.2, say("I'd say so")), (1.0, say("thank you", pitch=80))), sox=["-b", 16, "-t", "sph"])
    text(
        f"{base}/stm/{talk}.stm",
        f"{talk} 1 {talk} 0.00 0.15 <o,f0,female> ignore_time_segment_in_scoring",
        f"{talk} 1 AimeeMullins 0.15 0.95 <o,f0,female> i 'd say(2) {{NOISE}} so",
        f"{talk} 1 AimeeMullins 0.95 1.75 <o,f0,female> thank <unk> you <sil> ({talk}-2)",
    )
    path = f"{base}/sph/{talk}.sph"
    expect("tedlium", f"{talk}-0000015-0000095", path, -1, 0.15, 0.95, "AimeeMullins", "i'd say so")
    expect("tedlium", f"{talk}-0000095-0000175", path, -1, 0.95, 1.75, "AimeeMullins", "thank you")


def ami():
    meeting = "ES2004a"
    notes = "AMI/ami_public_manual_1.6.2"
    name = f"AMI/amicorpus/{meeting}/audio/{meeting}.Headset-%d.wav"
    write(name % 0, track(1.7, (0.1, say("good morning")), (0.8, say("o k", pitch=70))), sox=["-b", 16])
    write(name % 1, track(1.7, (1.1, say("mm hmm", pitch=20))), sox=["-b", 16])
    head = '<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>'
    nite = 'xmlns:nite="http://nite.sourceforge.net/"'
    text(
        f"{notes}/corpusResources/meetings.xml",
        head,
        f'<nite:root nite:id="AMI.meetings" {nite}>',
        f'   <meeting nite:id="ES2004a" observation="{meeting}" duration="1.7" type="scenario">',
        '      <speaker nite:id="s1" nxt_agent="A" channel="0" global_name="FEE901" role="PM"/>',
        '      <speaker nite:id="s2" nxt_agent="B" channel="1" global_name="MEE902" role="ID"/>',
        "   </meeting>",
        "</nite:root>",
        encoding="latin-1",
    )

    def annotate(agent, words, segments):
        stem = f"{meeting}.{agent}"
        text(f"{notes}/words/{stem}.words.xml", head, f'<nite:root nite:id="{stem}.words" {nite}>',
             *[f'   <{w[0]} nite:id="{stem}.words{i}" starttime="{w[1]}" endtime="{w[2]}"{w[3]}' for i, w in enumerate(words)],
             "</nite:root>", encoding="latin-1")
        lines = []
        for i, (start, end, first, last) in enumerate(segments):
            to = "" if first == last else f"..id({stem}.words{last})"
            lines += [
                f'   <segment nite:id="{stem}.sync.{i}" channel="0" transcriber_start="{start}" transcriber_end="{end}">',
                f'      <nite:child href="{stem}.words.xml#id({stem}.words{first}){to}"/>',
                "   </segment>",
            ]
        text(f"{notes}/segments/{stem}.segments.xml", head, f'<nite:root nite:id="{stem}.segs" {nite}>', *lines, "</nite:root>", encoding="latin-1")

    annotate(
        "A",
        [
            ("w", 0.1, 0.3, ">Good</w>"),
            ("w", 0.3, 0.72, ">morning</w>"),
            ("w", 0.72, 0.72, ' punc="true">.</w>'),
            ("vocalsound", 0.72, 0.78, ' type="laugh"/>'),
            ("w", 0.8, 1.3, ">O_K_</w>"),
            ("w", 1.3, 1.3, ' punc="true">?</w>'),
        ],
        [(0.05, 1.35, 0, 5)],
    )
    annotate("B", [("w", 1.1, 1.6, ">Mm-hmm</w>"), ("w", 1.6, 1.6, ' punc="true">.</w>'), ("vocalsound", 1.62, 1.65, ' type="cough"/>')],
             [(1.05, 1.6, 0, 1), (1.6, 1.66, 2, 2)])
    expect("ami-ihm", f"AMI_{meeting}_H00_FEE901_0000010_0000072", name % 0, -1, 0.1, 0.72, "FEE901", "GOOD MORNING")
    expect("ami-ihm", f"AMI_{meeting}_H00_FEE901_0000072_0000130", name % 0, -1, 0.72, 1.3, "FEE901", "OK")
    expect("ami-ihm", f"AMI_{meeting}_H01_MEE902_0000110_0000160", name % 1, -1, 1.1, 1.6, "MEE902", "MM-HMM")


def chime6():
    path = "CHiME6/audio/eval/S01_P01.wav"
    write(path, track(0.9, (0.1, say("pass the salt"))), 0.3 * track(0.9, (0.15, say("pass the salt"))), sox=["-b", 16])
    entry = {"session_id": "S01", "ref": "U02", "location": "kitchen"}
    text(
        "CHiME6/transcriptions/eval/S01.json",
        json.dumps(
            [
                {"end_time": "0:00:00.80", "start_time": "0:00:00.10", "words": "Pass - the salt, [laughs] mm- please!", "speaker": "P01", **entry},
                {"end_time": "0:00:00.90", "start_time": "0:00:00.82", "words": "[redacted]", "speaker": "P01", **entry},
                {"end_time": "0:00:00.70", "start_time": "0:00:00.20", "words": "Here.", "speaker": "P02", **entry},
            ],
            indent=4,
        ),
    )
    for channel, side in enumerate("LR"):
        expect("chime6", f"P01_S01.{side}-0000010-0000080", path, channel, 0.1, 0.8, "P01", "pass the salt mm please")


def common_voice():
    base = "cv-corpus-5.1-2020-06-22/en"
    rows = ["client_id path sentence up_votes down_votes age gender accent locale segment".replace(" ", "\t")]
    for i, sentence in enumerate(['He said "no.', "Four ships left port."]):
        file = f"common_voice_en_{100 + i}.mp3"
        write(f"{base}/clips/{file}", track(1.5, (0.2, say(sentence, voice="en-gb", pitch=40 + 20 * i))), rate=48000,
              encoder=["lame", "--silent", "-m", "m", "-b", 48, "-"])
        rows.append("\t".join([f"client{i}", file if i else file[:-4], sentence, "2", "0", "", "", "", "en", ""]))
        expect("common-voice", file, f"{base}/clips/{file}", -1, 0, None, f"client{i}", sentence)
    text(f"{base}/test.tsv", *rows)


def fleurs():
    base = "fleurs/data/en_us"
    rows = []
    for i, file in enumerate(["10022160182374.wav", "9951027651.wav"]):
        samples = track(1.2, (0.1, say("it cost 5 dollars", pitch=30 + 30 * i)))
        write(f"{base}/audio/test/{file}", samples, sox=["-b", 16])
        plain = "it cost 5 in may"
        rows.append("\t".join(["1675", file, "It cost $5 in May.", plain, " ".join("|".join(plain.split())) + " |", str(len(samples)), "FEMALE"]))
        expect("fleurs", file, f"{base}/audio/test/{file}", -1, 0, None, "", "It cost $5 in May.")
    text(f"{base}/test.tsv", *rows)


def hub5():
    speech = "hub5/LDC2002S09/hub5e_00/english"
    reference = "hub5/LDC2002T43/reference"
    calls = {"en_4156": ("callhome", "hello there", "well yes"), "sw_4390": ("switchboard", "so do you", "I guess so")}
    stm = [';; LABEL "O" "Overall" "Overall"']
    pem = [";; partitioned evaluation map"]
    for call, (part, first, second) in calls.items():
        path = f"{speech}/{call}.sph"
        write(path, track(2.8, (0.2, say(first))), track(2.8, (1.2, say(second, pitch=90)), (2.2, say("right"))), rate=8000,
              sox=["-e", "mu-law", "-t", "sph"])
        label = "<O,en,F,en-F>" if call.startswith("en") else "<O,sw,F,sw-F>"
        stm += [
            f"{call} A {call}_A 0.00 0.20 {label} IGNORE_TIME_SEGMENT_IN_SCORING",
            f"{call} A {call}_A 0.20 1.20 {label} {first.upper()} (%HESITATION)",
            f"{call} B {call}_B 1.20 2.10 {label} <B_ASIDE> ((TH-) {{ {second.upper()} / @ }} <E_ASIDE>",
            f"{call} B {call}_B 2.10 2.70 {label} RIGHT",
        ]
        pem += [f"{call} A unknown_speaker 0.20 1.20", f"{call} B unknown_speaker 1.20 2.10", f"{call} B unknown_speaker 2.10 2.70"]
        expect(part, f"{call}-A_000020-000120", path, 0, 0.2, 1.2, f"{call}_A", first.upper())
        expect(part, f"{call}-B_000120-000210", path, 1, 1.2, 2.1, f"{call}_B", second.upper())
        expect(part, f"{call}-B_000210-000270", path, 1, 2.1, 2.7, f"{call}_B", "RIGHT")
    text(f"{reference}/hub5e00.english.000405.stm", *stm)
    text(f"{reference}/en20000405_hub5.glm", ";; a rule of the fixture's own", "* name = \"fixture\"", "* format = 'NIST1'", "[UH] => %HESITATION / [ ] __ [ ]")
    text(f"{speech}/hub5e_00.pem", *pem)


def wsj():
    disc = "csr_1/11-13.1/wsj0"
    for i, sentence in enumerate(["prices rose again", "they declined"]):
        path = f"{disc}/si_et_20/440/440c020{i + 1}.wv1"
        samples = np.round(32767 * track(1.3, (0.1, say(sentence, pitch=25 + 30 * i)))).astype(int)
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(shorten.sphere(samples[:, None], RATE))
        expect("wsj", f"440c020{i + 1}", path, -1, 0, None, "440", ["PRICES ROSE FIVE PERCENT AGAIN", "-DASH THEY DECLINED"][i])
    text(f"{disc}/si_et_20/440/440c0200.dot", "Prices rose *five* %percent [door_slam] \\again . (440c0201)", "~ --DASH <they> declined [<tap] (440c0202)")
    text(f"{disc}/doc/indices/test/nvp/si_et_20.ndx", ";; index of the open test set", "11_13_1:wsj0/si_et_20/440/440c0201", "11_13_1: wsj0/si_et_20/440/440c0202")


def voxpopuli():
    base = "voxpopuli/transcribed_data/en"
    rows = ["id\traw_text\tnormalized_text\tspeaker_id\tsplit\tgender\tis_gold_transcript\taccent"]
    for i, sentence in enumerate(["we agree with this", "that is not enough"]):
        name = f"20170906-0900-PLENARY-9-en_20170906-104{i}11_{i}"
        write(f"{base}/2017/{name}.ogg", track(1.6, (0.1, say(sentence, voice="en-gb-scotland", pitch=35 + 30 * i))),
              encoder=["oggenc", "--quiet", "-q", "3", "-", "-o"])
        rows.append("\t".join([name, sentence.capitalize() + ".", sentence, str(1000 + i) if i else "None", "test", "male", "True", "None"]))
        expect("voxpopuli", name, f"{base}/2017/{name}.ogg", -1, 0, None, "1001" if i else "", sentence)
    rows.append("\t".join(["20170906-0900-PLENARY-9-en_20170906-104900_9", "...", "", "1002", "test", "male", "True", "None"]))
    text(f"{base}/asr_test.tsv", *rows)


if __name__ == "__main__":
    shutil.rmtree(ROOT, ignore_errors=True)
    for corpus in (ami, chime6, common_voice, fleurs, hub5, librispeech, wsj, tedlium, voxpopuli):
        corpus()
    with open(OUT / "corpora.tsv", "w", encoding="utf-8") as table:
        table.writelines("\t".join(map(str, row)) + "\n" for row in TABLE)
    files = [p for p in ROOT.rglob("*") if p.is_file()]
    audio = [p for p in files if p.suffix in (".flac", ".wav", ".mp3", ".ogg", ".sph", ".wv1")]
    print(len(audio), "audio files,", sum(p.stat().st_size for p in files), "bytes, largest", max(p.stat().st_size for p in files), file=sys.stderr)
