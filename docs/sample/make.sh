#!/bin/sh
# Makes the sample recordings from sentences of our own, with voices of Debian's flite and espeak-ng; needs those and sox.
set -eu
cd "$(dirname "$0")"
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT

flite -voice slt -t "The old man went down to the river, and sat there until the sun was gone." -o "$raw/river.wav"
espeak-ng -v en-us -s 140 -w "$raw/morning.wav" "It was a cold morning, and nobody had come to the house for many days."
for name in river morning; do
  sox -D "$raw/$name.wav" -b 16 "$name.wav" rate -v 16000 norm -6 pad 0.2 0.3
done
