#!/bin/sh
# For a machine with an NVIDIA GPU: whether the network runs there, hears what the processor hears, and how much faster.
#
#   OMNISCRIBE_BUILD=-Pgpu app/src/build/check-gpu.sh [RECORDING [BUNDLE]]
#
# Ends with 0 if it does, 1 if it hears something else, and 3 if the GPU cannot be used.
set -eu
home=$(cd "$(dirname "$0")/../../.." && pwd)
recording=${1:-$home/docs/sample/river.wav}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

hear() {
  if [ -n "${model:-}" ]; then set -- "$@" --model "$model"; fi
  "$home/omniscribe" transcribe "$recording" -f json -o - --routing "$@"
}
model=${2:-}
for device in CPU GPU; do
  hear --device "$device" >"$work/$device.json" 2>"$work/$device.err" || {
    cat "$work/$device.err" >&2
    exit 3
  }
  sed "s/^/$device: /" "$work/$device.err" >&2
done
if grep -q "the GPU cannot be used" "$work/GPU.err"; then
  exit 3
fi
# Sums come in another order on a GPU: words, times and experts are the same, confidences and probabilities nearly.
for device in CPU GPU; do
  sed -E 's/[0-9]\.[0-9]{4}//g' "$work/$device.json" >"$work/$device.words"
done
if ! diff "$work/CPU.words" "$work/GPU.words" >&2; then
  echo "the GPU hears something else" >&2
  exit 1
fi
echo "the GPU hears what the processor hears"
