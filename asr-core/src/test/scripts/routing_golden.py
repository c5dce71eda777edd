"""Golden values for RoutingMetricsTest: numpy and scipy, and for the cache a search over all it could do.

python3 routing_golden.py
"""
import functools
import itertools

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.stats import entropy


def sequence(seed, length, experts, stay):
    x, out = seed, []
    for _ in range(length):
        x = (x * 1103515245 + 12345) % 2**31
        if not out or (x >> 16) % 100 >= stay:
            x = (x * 1103515245 + 12345) % 2**31
            out.append((x >> 16) % experts)
        else:
            out.append(out[-1])
    return out


def table(a, b):
    counts = np.zeros((4, 4))
    for x, y in zip(a, b):
        counts[x, y] += 1
    return counts


def information(counts):
    p = counts / counts.sum()
    expected = np.outer(p.sum(1), p.sum(0))
    mask = p > 0
    return (p[mask] * np.log2(p[mask] / expected[mask])).sum()


def coverage(s, length, group):
    hit = 0
    for i in range(0, len(s), length):
        part = s[i : i + length]
        hit += max(sum(e in g for e in part) for g in itertools.combinations(range(4), group))
    return hit / len(s)


def best_hits(s, capacity):
    @functools.lru_cache(None)
    def best(t, held):
        if t == len(s):
            return 0
        if s[t] in held:
            return 1 + best(t + 1, held)
        if len(held) < capacity:
            return best(t + 1, held | {s[t]})
        return max(best(t + 1, held - {out} | {s[t]}) for out in held)

    return best(0, frozenset()) / len(s)


a, b = sequence(1, 400, 4, 60), sequence(7, 400, 4, 70)
b = [(x + 1) % 4 if i % 3 else y for i, (x, y) in enumerate(zip(a, b))]
counts = table(a, b)
print("entropy", entropy(np.bincount(a), base=2))
print("information", information(counts))
print("explained", information(counts) / entropy(np.bincount(b), base=2))
print("match", np.mean(np.equal(a, b)))
rows, columns = linear_sum_assignment(-counts)
print("best match", counts[rows, columns].sum() / counts.sum())
for length, group in [(8, 1), (8, 2), (25, 1), (60, 3)]:
    print("coverage", length, group, coverage(a, length, group))
for capacity in (1, 2, 3):
    print("cache", capacity, best_hits(a[:120], capacity))
random = np.array([[((i * 7 + j * 13) * 2654435761 % 1000) / 10 for j in range(6)] for i in range(6)])
rows, columns = linear_sum_assignment(random)
print("assignment", random[rows, columns].sum())
