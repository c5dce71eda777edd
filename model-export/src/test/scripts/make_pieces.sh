#!/bin/sh
# Trains small SentencePiece models on the project's licence and writes how spm_encode cuts some text with them.
# Needs Debian's sentencepiece. The models go to src/test/resources/pieces.
set -eu
cd "$(dirname "$0")/../resources"
mkdir -p pieces
text=$(mktemp)
trap 'rm -f "$text"' EXIT

tr 'A-Z\n' 'a-z ' <../../../../LICENSE | tr -cs "a-z'." ' ' | tr '.' '\n' | sed 's/^ *//; s/ *$//; /^$/d' >"$text"
for type in unigram bpe; do
  spm_train --input="$text" --model_prefix="pieces/$type" --model_type=$type --vocab_size=64 --character_coverage=1 \
    --normalization_rule_name=identity --minloglevel=2
  for sentence in "the program" "you may copy it" "nobody's fault"; do
    printf '%s\t%s\n' "$sentence" "$(echo "$sentence" | spm_encode --model="pieces/$type.model")"
  done >"pieces/$type.tsv"
done
