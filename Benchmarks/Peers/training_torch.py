"""Trains the network of the benchmark `training` with PyTorch, and times it.

10 hidden layers of 784 units, tanh, on the 8 x 8 digits: 20 epochs, batches of 64, plain SGD at
rate 0.05. Prints processor seconds of the loop on one thread, wall seconds on two, and the accuracy.
Usage: training_torch.py DIGITS.npz THREADS
"""
import json
import sys
import time

import numpy as np
import torch

data = np.load(sys.argv[1])
threads = int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(1)
x = torch.tensor(data["train"], dtype=torch.float32)
y = torch.tensor(data["labels"], dtype=torch.long)
tx = torch.tensor(data["test"], dtype=torch.float32)
ty = torch.tensor(data["test_labels"], dtype=torch.long)

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
best = max(epoch() for _ in range(20))
print(
    json.dumps(
        {
            "cpu": time.process_time() - cpu,
            "wall": time.perf_counter() - wall,
            "accuracy": best,
        }
    )
)
