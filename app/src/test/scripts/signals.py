#!/usr/bin/env python3
"""Signals at random moments: does the program crash, and is anything lost?

    python3 app/src/test/scripts/signals.py [--trials 100] [--seed 1] [--what serve,live,batch] COMMAND...

COMMAND starts the program, such as ./omniscribe. Half of the signals are TERM and half INT. Lost is

    serve   a request that had come in and got no answer, or an upload that was left behind
    live    words on standard output that are not in the text file, a text without its captions, a recording that is cut
    batch   a transcript that is missing, cut or other than in a run without a signal, or a file that is left over

It needs Python 3.8 and nothing else, takes some seconds a trial, and prints a table. It ends with 1 if anything is lost.
"""
import argparse
import glob
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import wave

HOME = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "..", ".."))
RIVER = os.path.join(HOME, "docs", "sample", "river.wav")
PATIENCE = 60


def repeated(path, times):
    """The sample again and again, with half a second of silence between."""
    with wave.open(RIVER) as wav:
        parameters, frames = wav.getparams(), wav.readframes(wav.getnframes())
    with wave.open(path, "wb") as wav:
        wav.setparams(parameters)
        wav.writeframes((frames + bytes(parameters.framerate)) * times)


def start(command, folder, **more):
    environment = dict(os.environ, JAVA_OPTS="-Djava.io.tmpdir=" + os.path.join(folder, "tmp"))
    # A program that is started in the background may be told to ignore INT.
    return subprocess.Popen(
        command, cwd=folder, env=environment, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **more)


def end(process):
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def lines(stream, into):
    thread = threading.Thread(target=lambda: into.extend(iter(stream.readline, "")), daemon=True)
    thread.start()
    return thread


class Outcome:
    def __init__(self, code, asked, lost):
        self.code, self.asked, self.lost = code, asked, lost


def serve(command, folder, number, pick):
    process = start(command + ["serve", "--port", "0", "--jobs", "2"], folder, stderr=subprocess.PIPE, text=True)
    said = []
    reading = lines(process.stderr, said)
    port = None
    while port is None and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", "".join(said))
        port = int(found.group(1)) if found else None
        time.sleep(0.01)
    with open(os.path.join(folder, "long.wav"), "rb") as file:
        sound = file.read()
    form = (b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n" + sound + b"\r\n--b--\r\n")
    answers = []

    def ask():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("POST", "/v1/audio/transcriptions", form,
                               {"Content-Type": "multipart/form-data; boundary=b"})
            response = connection.getresponse()
            answers.append((response.status, response.read()))
        except (OSError, http.client.HTTPException) as e:
            answers.append((0, repr(e).encode()))

    asking = [threading.Thread(target=ask) for _ in range(3)]
    [thread.start() for thread in asking]
    while True:
        with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % port) as metrics:
            text = metrics.read().decode()
        there = sum(float(n) for n in re.findall(r"^omniscribe_requests_(?:open|total\S*) (\S+)$", text, re.M))
        if there >= 3:
            break
        time.sleep(0.005)
    time.sleep(pick.uniform(0, 1.5))
    process.send_signal(number)
    [thread.join() for thread in asking]
    code = end(process)
    reading.join(5)
    lost = ["answer %d: %s" % (status, body[:100]) for status, body in answers
            if status not in (200, 503) or status == 200 and b"the old man" not in body]
    lost += glob.glob(os.path.join(folder, "tmp", "omniscribe-uploads*"))
    return Outcome(code, len(answers), lost)


def live(command, folder, number, pick):
    process = start(
        command + ["live", "--file", "long.wav", "-f", "txt,srt", "-o", "meet", "--record", "meet.flac"],
        folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    said = []
    reading = lines(process.stdout, said)
    # From the start of the session on, as there is nothing to lose before.
    while not os.path.exists(os.path.join(folder, "meet.flac")) and process.poll() is None:
        time.sleep(0.01)
    time.sleep(pick.uniform(0, 5))
    process.send_signal(number)
    code = end(process)
    reading.join(5)
    lost = []
    said = [line.strip() for line in said if line.strip()]
    text = os.path.join(folder, "meet.txt")
    written = open(text).read().split("\n") if os.path.exists(text) else []
    written = [line for line in written if line]
    if written != said:
        lost.append("said %r, written %r" % (said, written))
    captions = os.path.join(folder, "meet.srt")
    if said and (not os.path.exists(captions) or "-->" not in open(captions).read()):
        lost.append("no captions")
    flac = os.path.join(folder, "meet.flac")
    with open(flac, "rb") as file:
        head = file.read(42)
    # Samples in STREAMINFO: written when the recording is completed.
    if head[:4] != b"fLaC" or int.from_bytes(head[18:26], "big") & (1 << 36) - 1 == 0:
        if os.path.getsize(flac) > 100:
            lost.append("the recording is not complete")
    return Outcome(code, len(said), lost)


def texts(folder):
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        if not os.path.basename(path).startswith("results"):
            with open(path) as file:
                found[os.path.basename(path)] = json.load(file)["segments"]
    return found


def batch(command, folder, number, pick):
    out = os.path.join(folder, "out")
    whole = os.path.join(folder, "whole")
    run = command + ["transcribe", "in", "-f", "json,txt", "--jobs", "2", "-o"]
    if not os.path.exists(whole):
        subprocess.run(run + ["whole"], cwd=folder, stderr=subprocess.DEVNULL, check=True)
    shutil.rmtree(out, ignore_errors=True)
    process = start(run + ["out"], folder, stderr=subprocess.DEVNULL)
    while not glob.glob(os.path.join(out, "*.json")) and process.poll() is None:
        time.sleep(0.01)
    time.sleep(pick.uniform(0, 2))
    process.send_signal(number)
    code = end(process)
    lost = []
    wanted, got = texts(whole), texts(out)
    lost += ["%s differs" % name for name in got if got[name] != wanted[name]]
    lost += [name for name in os.listdir(out) if name.endswith(".part")]
    results = os.path.join(out, "results.jsonl")
    done = []
    if os.path.exists(results):
        with open(results) as file:
            done = [line for line in map(json.loads, file) if line.get("status", "").upper() == "DONE" or "words" in line]
    if len(done) != len(got):
        lost.append("%d in the results, %d transcripts" % (len(done), len(got)))
    if pick.random() < 0.1:
        subprocess.run(run + ["out"], cwd=folder, stderr=subprocess.DEVNULL)
        if texts(out) != wanted:
            lost.append("a second run does not complete it")
    return Outcome(code, len(got), lost)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--trials", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--what", default="serve,live,batch")
    arguments.add_argument("command", nargs="+")
    given = arguments.parse_args()
    command = [os.path.abspath(given.command[0]) if os.path.exists(given.command[0]) else given.command[0]]
    command += given.command[1:]
    bad = 0
    print("| command | signals | crashes | exit 130 or 143 | ended before | answers or texts | lost |")
    print("|---|---|---|---|---|---|---|")
    for what in given.what.split(","):
        pick = random.Random(given.seed)
        folder = tempfile.mkdtemp(prefix="signals-")
        os.mkdir(os.path.join(folder, "tmp"))
        repeated(os.path.join(folder, "long.wav"), 8)
        os.mkdir(os.path.join(folder, "in"))
        for i in range(12):
            repeated(os.path.join(folder, "in", "%02d.wav" % i), 1 + i % 4)
        crashes = right = before = asked = lost = 0
        for trial in range(given.trials):
            if trial and trial % 10 == 0:
                print("%s: %d signals, %d crashes, %d lost" % (what, trial, crashes, lost), file=sys.stderr, flush=True)
            for left in glob.glob(os.path.join(folder, "meet.*")):
                os.remove(left)
            number = signal.SIGTERM if trial % 2 else signal.SIGINT
            outcome = globals()[what](command, folder, number, pick)
            dumps = glob.glob(os.path.join(folder, "hs_err*")) + glob.glob(os.path.join(folder, "core*"))
            [os.remove(dump) for dump in dumps]
            crashed = bool(dumps) or outcome.code is None or outcome.code in (134, 139) or outcome.code < 0
            crashes += crashed
            right += outcome.code == 128 + number
            before += outcome.code == 0
            asked += outcome.asked
            lost += len(outcome.lost)
            if crashed or outcome.lost or outcome.code not in (0, 128 + number):
                print("%s, trial %d, seed %d, %s: exit %s %s" % (
                    what, trial, given.seed, number.name, outcome.code, outcome.lost), file=sys.stderr)
        print("| %s | %d | %d | %d | %d | %d | %d |" % (what, given.trials, crashes, right, before, asked, lost), flush=True)
        bad += crashes + lost
        shutil.rmtree(folder)
    sys.exit(1 if bad else 0)


main()
