#!/bin/sh
# Golden scores of a language model, from two programs that know nothing of this project: sphinx_lm_eval (Debian's
# sphinxbase-utils) for sentences.txt, and compile-lm (Debian's irstlm) for the perplexity of all of it.
#   river.arpa was trained with "omniscribe lm train river.txt --order 3 --min-count 1 --out river.arpa".
set -eu
cd "$(dirname "$0")/../resources/org/omniscribe/asr/decode"
while read -r sentence; do
  echo "<s> $sentence </s>" >/tmp/sentence.$$
  # The tool counts in whole powers of 1.0001 and says nothing of unknown words, so sentences have none.
  sphinx_lm_eval -lm river.arpa -lsn /tmp/sentence.$$ 2>/dev/null |
    awk -v s="$sentence" '/^lm score/ {printf "%s\t%.4f\n", s, $3 * log(1.0001)}'
done <sentences.txt >sentences.golden.tsv
sed 's/^/<s> /; s/$/ <\/s>/' sentences.txt >/tmp/sentence.$$
/usr/lib/irstlm/bin/compile-lm river.arpa --eval=/tmp/sentence.$$ 2>/dev/null
rm /tmp/sentence.$$
