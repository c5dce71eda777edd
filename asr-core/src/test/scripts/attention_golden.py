"""Golden values of BeamSearchDecoderTest and AttentionTimesTest, by OpenAI's Whisper (openai-whisper 20250625).

    attention_golden.py TOKENIZER OUT

TOKENIZER is the tokenizer.json that tokenizer_golden.py trained. Writes a random decoder of Whisper's kind with two layers
as OUT/cross.onnx and OUT/decoder.onnx (torch 2.15), and
OUT/search.json: windows, and what whisper.decoding's GreedyDecoder, MaximumLikelihoodRanker and BeamSearchDecoder, the
    last with CTranslate2's rule of which ends count, make of the PyTorch module's logits, all of the text computed anew
    for every token;
OUT/times.json: attention weights, and what whisper.timing's median_filter and dtw make of them.
"""
import json
import sys

import numpy as np
import torch
import torch.nn as nn
from whisper.decoding import BeamSearchDecoder, GreedyDecoder, MaximumLikelihoodRanker
from whisper.model import TextDecoder
from whisper.timing import dtw, median_filter

LAYERS, WIDTH, HEADS, CONTEXT = 2, 16, 2, 64
ALIGNMENT = [[0, 1], [1, 0], [1, 1]]


class Cross(nn.Module):
    def __init__(self, decoder):
        super().__init__()
        self.d = decoder

    def forward(self, encoded):
        b, t, _ = encoded.shape
        out = []
        for block in self.d.blocks:
            k = block.cross_attn.key(encoded).view(b, t, HEADS, -1).permute(0, 2, 3, 1) * (WIDTH // HEADS) ** -0.5
            out += [k, block.cross_attn.value(encoded).view(b, t, HEADS, -1).permute(0, 2, 1, 3)]
        return tuple(out)


class Decoder(nn.Module):
    def __init__(self, decoder):
        super().__init__()
        self.d = decoder

    def forward(self, tokens, parents, cross_lengths, suppress, count, wanted, *cache):
        pk, pv, ck, cv = (cache[i * LAYERS:(i + 1) * LAYERS] for i in range(4))
        b, k, u = tokens.shape
        n, p, dh = b * k, pk[0].shape[2], WIDTH // HEADS
        x = self.d.token_embedding(tokens.reshape(n, u)) + self.d.positional_embedding[p:p + u]
        keep = torch.arange(p + u)[None, :] <= (p + torch.arange(u))[:, None]
        mask = torch.where(keep, 0.0, -1e30)
        padding = torch.arange(ck[0].shape[3])[None, :] < cross_lengths[:, None]
        padding = torch.where(padding, 0.0, -1e30)[:, None, None, :]
        present_keys, present_values, alignment = [], [], {}
        for l, block in enumerate(self.d.blocks):
            def split(z):
                return z.view(n, u, HEADS, dh).permute(0, 2, 1, 3)

            y = block.attn_ln(x)
            q = split(block.attn.query(y)) * dh ** -0.5
            keys = torch.cat([pk[l][parents], split(block.attn.key(y))], 2)
            values = torch.cat([pv[l][parents], split(block.attn.value(y))], 2)
            present_keys.append(keys)
            present_values.append(values)
            w = (q @ keys.transpose(-1, -2) + mask).softmax(-1)
            x = x + block.attn.out((w @ values).permute(0, 2, 1, 3).reshape(n, u, WIDTH))
            q = block.cross_attn.query(block.cross_attn_ln(x)).view(b, k * u, HEADS, dh).permute(0, 2, 1, 3)
            w = (q @ ck[l] + padding).softmax(-1)
            for i, (layer, head) in enumerate(ALIGNMENT):
                if layer == l:
                    alignment[i] = w[:, head].view(b, k, u, -1)
            x = x + block.cross_attn.out((w @ cv[l]).permute(0, 2, 1, 3).reshape(n, u, WIDTH))
            x = x + block.mlp(block.mlp_ln(x))
        x = self.d.ln(x).view(b, k, u, WIDTH)[:, :, u - wanted[0]:]
        log_probs = (x @ self.d.token_embedding.weight.t() + suppress).log_softmax(-1)
        top, tokens = torch.topk(log_probs, count[0], -1)
        return (log_probs, top, tokens, torch.stack([alignment[i] for i in range(len(ALIGNMENT))], 3),
                *present_keys, *present_values)


def export(decoder, vocabulary, out):
    layers = range(LAYERS)
    names = [f'{kind}_{l}' for l in layers for kind in ('cross_key', 'cross_value')]
    torch.onnx.export(Cross(decoder), (torch.randn(2, 7, WIDTH),), out + '/cross.onnx', input_names=['encoded'],
                      output_names=names, dynamo=False, opset_version=17,
                      dynamic_axes={'encoded': [0, 1], **{n: [0, 2, 3][:: 2 if 'key' in n else 1][:2] for n in names}})
    b, k, u, p, r, t, dh = 2, 3, 2, 4, 5, 7, WIDTH // HEADS
    cache = [torch.randn(r, HEADS, p, dh) for _ in range(2 * LAYERS)]
    cache += [torch.randn(b, HEADS, dh, t) for _ in layers] + [torch.randn(b, HEADS, t, dh) for _ in layers]
    inputs = ['tokens', 'parents', 'cross_lengths', 'suppress', 'count', 'wanted']
    inputs += [f'{kind}_{l}' for kind in ('past_key', 'past_value', 'cross_key', 'cross_value') for l in layers]
    outputs = ['log_probs', 'top_log_probs', 'top_tokens', 'alignment']
    outputs += [f'{kind}_{l}' for kind in ('present_key', 'present_value') for l in layers]
    axes = {'tokens': [0, 1, 2], 'parents': [0], 'cross_lengths': [0], 'log_probs': [0, 1, 2],
            'top_log_probs': [0, 1, 2, 3], 'top_tokens': [0, 1, 2, 3], 'alignment': [0, 1, 2, 4]}
    axes.update({n: [0, 2] for n in inputs + outputs if 'past' in n or 'present' in n or 'cross_value' in n})
    axes.update({n: [0, 3] for n in inputs if 'cross_key' in n})
    torch.onnx.export(
        Decoder(decoder),
        (torch.randint(0, vocabulary, (b, k, u)), torch.zeros(b * k, dtype=torch.int64), torch.tensor([7, 5]),
         torch.zeros(vocabulary), torch.tensor([3]), torch.tensor([1]), *cache),
        out + '/decoder.onnx', input_names=inputs, output_names=outputs, dynamo=False, opset_version=17, dynamic_axes=axes)


class Recompute:
    """Stands for Whisper's cached inference; there is no cache to rearrange."""

    def rearrange_kv_cache(self, indices):
        pass


class BeamSearch(BeamSearchDecoder):
    """An end counts among the beam_size best continuations of a step only (CTranslate2 4, src/decoding.cc)."""

    def update(self, tokens, logits, sums):
        if self.finished_sequences is None:
            self.finished_sequences = [{}]
        logprobs = logits.float().log_softmax(-1)
        scores = {}
        for j in range(self.beam_size):
            for logprob, token in zip(*logprobs[j].topk(self.beam_size + 1)):
                scores[tuple(tokens[j].tolist() + [token.item()])] = (sums[j] + logprob).item()
        order = sorted(scores, key=scores.get, reverse=True)
        for text in order[:self.beam_size]:
            if text[-1] == self.eot:
                self.finished_sequences[0][text] = scores[text]
        live = [text for text in order if text[-1] != self.eot][:self.beam_size]
        sums[:] = torch.tensor([scores[text] for text in live])
        done = len(self.finished_sequences[0]) >= self.max_candidates
        return torch.tensor(live), done


def search(decoder, encoded, prompt, strategy, group, end, forbidden, first, limit):
    tokens = torch.tensor([prompt] * group)
    sums = torch.zeros(group)
    audio = encoded[None].expand(group, -1, -1)
    for i in range(limit):
        logits = decoder(tokens, audio)[:, -1]
        logits[:, first if i == 0 else forbidden] = -np.inf
        tokens, done = strategy.update(tokens, logits, sums)
        for text in tokens.tolist():
            # What this project's guard against loops would change is no golden value; another window must be taken then.
            assert all(len(set(text[k:k + 8])) > 1 or end in text[k:k + 8] for k in range(len(prompt), len(text) - 7))
        if done:
            break
    tokens, sums = strategy.finalize(tokens[None], sums[None])
    texts = [[t[len(prompt):(t == end).nonzero()[0, 0]] for t in s] for s in tokens]
    best = MaximumLikelihoodRanker(None).rank(texts, [list(map(float, s)) for s in sums])[0]
    return dict(tokens=texts[0][best].tolist(), logProb=float(sums[0][best]))


@torch.no_grad()
def main():
    raw = json.load(open(sys.argv[1], encoding='utf-8'))
    out = sys.argv[2]
    special = {t['content']: t['id'] for t in raw['added_tokens']}
    vocabulary = max(special.values()) + 1
    end, start = special['<|endoftext|>'], special['<|startoftranscript|>']
    suppress, at_start = [5, 6, 7], [220, end]
    torch.manual_seed(7)
    decoder = TextDecoder(vocabulary, CONTEXT, WIDTH, HEADS, LAYERS).eval()
    for name, p in decoder.named_parameters():
        nn.init.normal_(p, std=0.5 if p.dim() > 1 else 0.1)
        if name.endswith('ln.weight'):
            p.add_(1)
    # The position counts for more than the last token, or texts would go round in circles; probabilities are sharp; and
    # the end is likely enough for texts of some tokens.
    nn.init.normal_(decoder.token_embedding.weight, std=0.4)
    nn.init.normal_(decoder.positional_embedding, std=1.5)
    decoder.ln.weight.mul_(4)
    nn.init.normal_(decoder.ln.bias, std=0.5)
    bias = decoder.ln.bias
    decoder.token_embedding.weight[end] = bias * (7.5 / float(bias @ bias))

    export(decoder, vocabulary, out)

    specials = sorted(i for i in range(vocabulary) if i >= end and i != end)
    forbidden = sorted(set(suppress + specials))
    first = sorted(set(forbidden + at_start))
    r = np.random.default_rng(3)
    cases = []
    for steps, seconds, language in ((20, 0.4, 'en'), (17, 0.34, 'de'), (37, 0.74, 'en'), (5, 0.1, 'en'), (28, 0.56, 'de')):
        encoded = torch.tensor(np.round(r.standard_normal((steps, WIDTH)) * 1.5, 3), dtype=torch.float32)
        prompt = [start, special[f'<|{language}|>'], special['<|transcribe|>'], special['<|notimestamps|>']]
        limit = min(CONTEXT // 2, 16 + int(np.ceil(15 * seconds)))
        greedy = search(decoder, encoded, prompt, GreedyDecoder(0.0, end), 1, end, forbidden, first, limit)
        found = {'greedy': greedy}
        for beam, patience in ((3, 1.0), (5, 1.0), (5, 2.0)):
            strategy = BeamSearch(beam, end, Recompute(), patience)
            found[f'beam{beam}-{patience}'] = search(
                decoder, encoded, prompt, strategy, beam, end, forbidden, first, limit)
        begin = decoder(torch.tensor([[start]]), encoded[None])[0, 0]
        languages = begin[[special['<|en|>'], special['<|de|>']]].softmax(-1)
        cases.append(dict(steps=steps, seconds=seconds, language=language, encoded=[round(float(v), 3) for v in encoded.flatten()],
                          noSpeech=float(begin.softmax(-1)[special['<|nospeech|>']]),
                          languages=dict(en=float(languages[0]), de=float(languages[1])), found=found))
        print({k: (v['tokens'], round(v['logProb'], 3)) for k, v in found.items()})
    spec = dict(layers=LAYERS, width=WIDTH, heads=HEADS, mlpWidth=4 * WIDTH, vocabulary=vocabulary, maxTokens=CONTEXT,
                alignmentHeads=ALIGNMENT, start=start, end=end, languages=dict(en=special['<|en|>'], de=special['<|de|>']),
                transcribe=special['<|transcribe|>'], translate=special['<|translate|>'], noSpeech=special['<|nospeech|>'],
                noTimestamps=special['<|notimestamps|>'], previous=special['<|startofprev|>'], firstTimestamp=special['<|0.00|>'],
                suppress=suppress, suppressAtStart=at_start)
    json.dump(dict(spec=spec, windows=cases), open(out + '/search.json', 'w'))

    times = []
    for positions, heads, steps, sharp in ((9, 3, 40, 1.0), (14, 2, 70, 3.0), (6, 1, 3, 1.0), (20, 3, 55, 2.0)):
        centre = np.linspace(0, steps, positions + 2)[1:-1]
        logits = -sharp * np.abs(np.arange(steps)[None, None] - centre[:, None, None]) / 4 + r.standard_normal((positions, heads, steps)) * 0.8
        weights = torch.tensor(np.round(logits, 2), dtype=torch.float32).softmax(-1)
        weights = torch.tensor(np.array(json.loads(json.dumps([[[float('%.7g' % v) for v in h] for h in p] for p in weights]))), dtype=torch.float32)
        w = weights.permute(1, 0, 2)
        w = w / w.sum(-1, keepdim=True)
        std, mean = torch.std_mean(w, dim=-2, keepdim=True, unbiased=False)
        w = median_filter((w - mean) / std, 7)
        first = 3
        text, time = dtw(-w.mean(axis=0)[first:-1])
        jumps = np.pad(np.diff(text), (1, 0), constant_values=1).astype(bool)
        times.append(dict(first=first, weights=[[[float('%.7g' % v) for v in h] for h in p] for p in weights], steps=time[jumps].tolist()))
        print(times[-1]['steps'])
    json.dump(times, open(out + '/times.json', 'w'))


main()
