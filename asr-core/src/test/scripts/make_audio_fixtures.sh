#!/bin/bash
# Makes the sound fixtures of AudioReaderGoldenTest and their reference decodes.
# Needs sox, ffmpeg, flac, lame, oggenc (vorbis-tools), opusenc and opusdec (opus-tools), espeak-ng, python3 with numpy.
# Usage: make_audio_fixtures.sh OUTPUT_FOLDER
# References (*.ref) are 16-bit little-endian mono at 16 kHz: decoded by the format's reference program, mixed and
# resampled by sox.
set -eu
out=$(realpath "$1")
cd "$(mktemp -d)"

# A sweep left, a tone right, below the band edge of any resampler, faded in and out: RATE SECONDS TOP_HZ FILE
tones() {
    python3 - "$@" <<'PY'
import sys, wave
import numpy as np
rate, seconds, top, name = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
n = round(rate * seconds)
t = np.arange(n) / rate
fade = np.minimum(1, np.minimum(t, t[::-1]) / 0.02)
left = 0.5 * np.sin(2 * np.pi * (100 * t + (top - 100) * t * t / (2 * seconds))) * fade
right = 0.3 * np.sin(2 * np.pi * 440 * t) * fade
with wave.open(name, "wb") as f:
    f.setnchannels(2); f.setsampwidth(2); f.setframerate(rate)
    f.writeframes(np.rint(np.stack([left, right], 1) * 32767).astype("<i2").tobytes())
PY
}

# decoded WAV -> reference
reference() { sox -D "$1" -r 16000 -b 16 -e signed-integer -L -t raw "$2" remix - rate -v; }

ffm() { ffmpeg -v error -y -bitexact "$@"; }

# Stored samples: 8 kHz, stereo, all with one reference
tones 8000 0.15 3000 s.wav
reference s.wav "$out/linear.ref"
ffm -i s.wav -c:a pcm_u8 "$out/u8.wav"
ffm -i s.wav -f wav - | cat > "$out/s16-pipe.wav"
ffm -i s.wav -c:a pcm_s24le "$out/s24-extensible.wav"
sox -D s.wav -b 32 "$out/s32.wav"
ffm -i s.wav -c:a pcm_f32le "$out/f32.wav"
ffm -i s.wav -c:a pcm_f64le "$out/f64.wav"
ffm -i s.wav -c:a pcm_mulaw "$out/mulaw.wav"
ffm -i s.wav -c:a pcm_alaw "$out/alaw.wav"
sox -D s.wav -b 24 "$out/s24.aiff"
ffm -i s.wav -c:a pcm_s16le -f aiff "$out/sowt.aifc"
sox -D s.wav -e u-law "$out/mulaw.au"
sox -D s.wav -B -t sph "$out/s16-big.sph"
sox -D s.wav -e u-law -t sph "$out/mulaw.sph"
flac --silent --best --blocksize=256 --no-padding -f s.wav -o "$out/s16.flac"
sox -D s.wav -t wavpcm -b 24 s24.wav gain -0.5
flac --silent --blocksize=256 --no-padding -f s24.wav -o "$out/s24.flac"
reference s24.wav "$out/s24.flac.ref"

# MP3: constant rate with the encoder's description; variable rate behind an ID3v2 tag, before an ID3v1 tag
tones 44100 0.35 5500 t.wav
lame --quiet -b 96 t.wav "$out/constant.mp3"
sox t.wav -r 22050 t22.wav
lame --quiet -V 4 --add-id3v2 --tt "A sweep" --id3v2-only t22.wav v2.mp3
lame --quiet -V 4 --id3v1-only --tt "A sweep" t22.wav v1.mp3
python3 - "$out/variable-tagged.mp3" <<'PY'
import sys
tagged, plain = open("v2.mp3", "rb").read(), open("v1.mp3", "rb").read()
size = 10 + (tagged[6] << 21 | tagged[7] << 14 | tagged[8] << 7 | tagged[9])
open(sys.argv[1], "wb").write(tagged[:size] + plain)
PY
for m in constant variable-tagged; do
    ffm -i "$out/$m.mp3" -c:a pcm_f32le m.wav
    reference m.wav "$out/$m.mp3.ref"
done

# Ogg Vorbis
oggenc --quiet -q 3 -s 1 t22.wav -o "$out/vorbis.ogg"
sox "$out/vorbis.ogg" -e floating-point -b 32 v.wav
reference v.wav "$out/vorbis.ogg.ref"

# Ogg Opus: speech in hybrid and SILK mode, with an output gain of -3 dB written into the header
espeak-ng -v en -s 190 -w e.wav "Sing it."
sox -D e.wav -r 48000 -c 1 e48.wav sinc -5000 gain -n -6 fade 0.02 -0 0.02
opusenc --quiet --serial 7 --bitrate 28 --speech e48.wav plain.opus
python3 - plain.opus "$out/speech-gain.opus" <<'PY'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
head = data.index(b"OpusHead")
struct.pack_into("<h", data, head + 16, -3 * 256)
length = 27 + data[26] + sum(data[27:27 + data[26]])
struct.pack_into("<I", data, 22, 0)
crc = 0
for byte in data[:length]:
    crc ^= byte << 24
    for _ in range(8):
        crc = (crc << 1 ^ 0x04C11DB7) & 0xFFFFFFFF if crc & 0x80000000 else crc << 1
struct.pack_into("<I", data, 22, crc)
open(sys.argv[2], "wb").write(data)
PY
opusdec --quiet --float --rate 48000 "$out/speech-gain.opus" o.wav
reference o.wav "$out/speech-gain.opus.ref"

# All 256 codes of G.711 as sox expands them: code, mu-law, A-law
python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)))' > codes.raw
for law in u-law a-law; do
    sox -D -t raw -r 8000 -c 1 -e $law -b 8 codes.raw -t raw -e signed-integer -b 16 -L $law.raw
done
python3 - > "$out/g711.txt" <<'PY'
import numpy as np
for row in enumerate(zip(*(np.fromfile(f, "<i2") for f in ("u-law.raw", "a-law.raw")))):
    print(row[0], *row[1])
PY
