#!/bin/bash
# Makes the sound fixtures of MoreFormatsTest and their reference decodes.
# Needs ffmpeg, flac, oggenc (vorbis-tools), python3 with numpy.
# Usage: make_more_audio_fixtures.sh OUTPUT_FOLDER
# References (*.ref) are ffmpeg's decodes: 16-bit little-endian, all channels, at the rate of the file.
set -eu
out=$(realpath "$1")
cd "$(mktemp -d)"

# Tones, a different one in each channel, faded in and out: RATE SECONDS CHANNELS FILE
tones() {
    python3 - "$@" <<'PY'
import sys, wave
import numpy as np
rate, seconds, channels, name = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
t = np.arange(round(rate * seconds)) / rate
fade = np.minimum(1, np.minimum(t, t[::-1]) / 0.02)
rows = [0.3 * np.sin(2 * np.pi * (90 if c == 3 else 300 + 170 * c) * (t + 0.3 * c * t * t)) * fade for c in range(channels)]
with wave.open(name, "wb") as f:
    f.setnchannels(channels); f.setsampwidth(2); f.setframerate(rate)
    f.writeframes(np.rint(np.stack(rows, 1) * 32767).astype("<i2").tobytes())
PY
}
ffm() { ffmpeg -v error -y -bitexact "$@"; }
reference() { ffm -i "$out/$1" -f s16le -c:a pcm_s16le "$out/$1.ref"; }

# FLAC of 32 bits, of the samples of s32.wav
flac --silent --blocksize=256 --no-padding -f "$out/s32.wav" -o "$out/s32.flac"

# Layer II at the lower rates of MPEG 2, and at those of MPEG 1 with few and many bits
for kind in 16000-1-64 16000-2-160 24000-1-96 22050-2-32 48000-2-192 44100-1-32 32000-2-64; do
    IFS=- read -r rate channels kilobits <<< "$kind"
    tones "$rate" 0.2 "$channels" t.wav
    ffm -i t.wav -c:a mp2 -b:a "${kilobits}k" "$out/layer2-$kind.mp2"
    reference "layer2-$kind.mp2"
done

# Layer III at the lowest rates, which MPEG 2.5 added
tones 8000 0.4 1 t.wav
ffm -i t.wav -c:a libmp3lame -b:a 16k -write_xing 0 "$out/layer3-8000.mp3"
reference layer3-8000.mp3

# Vorbis of six channels, and FLAC in Ogg
tones 16000 0.3 6 t.wav
oggenc --quiet -q 2 -s 1 t.wav -o "$out/surround.ogg"
reference surround.ogg
tones 16000 0.2 2 t.wav
ffm -i t.wav -c:a flac -f ogg "$out/flac.ogg"
reference flac.ogg
