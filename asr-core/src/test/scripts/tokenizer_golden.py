"""Golden values of ByteLevelTokenizerTest, by Hugging Face's `tokenizers` (0.23.3).

    tokenizer_golden.py train OUT            writes OUT/tokenizer.json: a small byte-level tokenizer, trained on this
                                             project's licence and on lines in other scripts (beside the test)
    tokenizer_golden.py COUNT TOKENIZER OUT  writes COUNT strings with their tokens as JSON lines
                                             {text, special: [ids], plain: [ids], decoded, noise: [ids], noiseText}

`special` is with special tokens found in the text, `plain` with none; `decoded` is plain decoded; `noise` are tokens at
random, which seldom join to UTF-8.
"""
import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

SCRIPTS = [
    'Привет, как дела? Это обычная речь.', 'Γειά σου Κόσμε', 'שלום עולם', 'مرحبا بالعالم', '你好，世界。今天天气很好！', 'こんにちは、世界。',
    '안녕하세요 세계', 'नमस्ते दुनिया', 'สวัสดีชาวโลก', 'Tiếng Việt có dấu', 'Ångström naïve café ÀÉÎÕÜ ß ﬁ ǆ', 'ქართული ენა', 'አማርኛ', 'தமிழ்',
    '😀 😂👍🏽 👩‍👩‍👧‍👦 🇬🇧', '①²½ ٣٤٥ ४२ Ⅷ 𝟘𝟙', '𝕳𝖊𝖑𝖑𝖔 𐍈 𠜎', 'e\u0301a\u0300 zero\u200bwidth \u200djoin',
]
SPACES = [' ', '  ', '   ', '\t', '\n', '\r\n', '\u00a0', '\u3000', '\u2028', '\u0085', '\u2009', '\x1c', '\u180e', '\ufeff']
CONTRACTIONS = ["don't", "I'm", "you've", "we'll", "they're", "he'd", "it's", "IT'S", "'s", "''ll", "rock'n'roll", "’s", "o'clock"]
MARKS = list('.,;:!?-—…"\'()[]{}<>/\\|@#$%^&*_+=~`€£¥§©™°') + ['...', '?!', '--', '>>', '<|', '|>']
DIGITS = ['0', '7', '42', '1984', '3.14', '1,000,000', '10:30', '007', '2nd', 'B2B', '€99.95', '+44 20 7946 0958']
SPECIAL = ['<|endoftext|>', '<|startoftranscript|>', '<|en|>', '<|notimestamps|>', '<|0.00|>', '<|startofprev|>', '<|xx|>', '<|en', '<|en|><|de|>']


def train(out):
    root = pathlib.Path(__file__).parents[4]
    text = (root / 'LICENSE').read_text(encoding='utf-8').splitlines() + SCRIPTS * 3
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(text, trainers.BpeTrainer(
        vocab_size=1200, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False))
    t.add_special_tokens([AddedToken(s, normalized=False, special=True) for s in (
        '<|endoftext|>', '<|startoftranscript|>', '<|en|>', '<|de|>', '<|translate|>', '<|transcribe|>', '<|startofprev|>',
        '<|nospeech|>', '<|notimestamps|>')])
    t.add_tokens([AddedToken('<|%.2f|>' % (0.02 * i), normalized=True) for i in range(5)])
    t.save(out + '/tokenizer.json', pretty=False)


def strings(r, count):
    words = ' '.join((pathlib.Path(__file__).parents[4] / 'README.md').read_text(encoding='utf-8').split()).split(' ')
    fixed = ['', ' ', '   ', '\n', 'a', ' a', 'a ', "'", "' s", 'Hello, world!', ' Hello', 'hello  world', 'a' * 300, ' ' * 65 + 'x',
             '\u0301', '\U0010ffff', '\x00', '\x7f\x80'] + SCRIPTS + CONTRACTIONS + DIGITS + SPECIAL + SPACES + MARKS
    for s in fixed[:count]:
        yield s
    pools = [words, words, CONTRACTIONS, MARKS, DIGITS, SCRIPTS, SPECIAL]
    for _ in range(count - len(fixed)):
        out = []
        for _ in range(r.randint(1, 12)):
            kind = r.random()
            if kind < 0.06:
                out.append(''.join(chr(c) for c in (r.randrange(0x20, 0x3000) for _ in range(r.randint(1, 4)))))
            elif kind < 0.09:
                c = r.randrange(0x110000)
                out.append(chr(c) if not 0xd800 <= c < 0xe000 else '?')
            else:
                w = r.choice(r.choice(pools))
                out.append(r.choice([w, w, w, w.upper(), w.capitalize()]))
            out.append(r.choice([' ', ' ', ' ', ' ', '', '', r.choice(SPACES)]))
        yield ''.join(out)


def main():
    if sys.argv[1] == 'train':
        train(sys.argv[2])
        return
    count, path, out = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    special = Tokenizer.from_file(path)
    plain = Tokenizer.from_file(path)
    raw = json.loads(plain.to_str())
    raw['added_tokens'] = []
    raw['post_processor'] = None
    plain = Tokenizer.from_str(json.dumps(raw))
    r = random.Random(17)
    with open(out, 'w', encoding='utf-8') as f:
        for s in strings(r, count):
            ids = plain.encode(s).ids
            noise = [r.randrange(special.get_vocab_size()) for _ in range(r.randint(0, 6))]
            noise = noise if r.random() < 0.5 else [r.randrange(256) for _ in range(r.randint(0, 9))]
            f.write(json.dumps(dict(
                text=s, special=special.encode(s, add_special_tokens=False).ids, plain=ids, decoded=plain.decode(ids),
                noise=noise, noiseText=special.decode(noise, skip_special_tokens=True)), ensure_ascii=True) + '\n')


main()
