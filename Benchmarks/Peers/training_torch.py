"""Trains the network of the benchmark `training` with PyTorch, and times it.

10 hidden layers of 784 units, tanh, on the 8 x 8 digits: 20 epochs, batches of 64, plain SGD at
rate 0.05 from orthogonal weights. Prints processor seconds of the loop, wall seconds, and the
accuracy after the last epoch. Usage: training_torch.py [THREADS]
"""
import csv
import gzip
import json
import pathlib
import sys
import time

import numpy as np
import torch

threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
torch.set_num_threads(threads)
torch.manual_seed(1)
path = pathlib.Path(__file__).parents[2] / "Sources/PoiseData/Resources/digits.csv.gz"
with gzip.open(path, "rt") as file:
    rows = [row for row in csv.reader(file)]
table = np.array([row for row in rows if row[0].replace(".", "").isdigit()], dtype=float)
table = table[np.random.default_rng(1).permutation(len(table))]
digits, labels = table[:, :64], table[:, 64].astype(int)
train, test = digits[297:], digits[:297]
mean, deviation = train.mean(0), np.maximum(train.std(0), 0.25)
scale = np.sqrt((((train - mean) / deviation) ** 2).mean())
x, tx = (
    torch.tensor((part - mean) / deviation / scale, dtype=torch.float32) for part in (train, test)
)
y, ty = torch.tensor(labels[297:]), torch.tensor(labels[:297])

layers = []
for n_in in [64] + [784] * 9:
    linear = torch.nn.Linear(n_in, 784)
    torch.nn.init.orthogonal_(linear.weight, gain=(784 / n_in) ** 0.5 * 1.05)
    torch.nn.init.zeros_(linear.bias)
    layers += [linear, torch.nn.Tanh()]
layers.append(torch.nn.Linear(784, 10))
net = torch.nn.Sequential(*layers)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
loss = torch.nn.CrossEntropyLoss()


def epoch():
    order = torch.randperm(len(x))
    for start in range(0, len(x), 64):
        rows = order[start : start + 64]
        optimizer.zero_grad()
        loss(net(x[rows]), y[rows]).backward()
        optimizer.step()
    with torch.no_grad():
        return (net(tx).argmax(1) == ty).float().mean().item()


wall, cpu = time.perf_counter(), time.process_time()
for _ in range(20):
    accuracy = epoch()
print(
    json.dumps(
        {
            "cpu": time.process_time() - cpu,
            "wall": time.perf_counter() - wall,
            "accuracy": accuracy,
        }
    )
)
