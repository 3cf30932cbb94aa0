"""Prints every cell's attack success and draws one attack over the rounds: python3 curves.py [RESULTS [FIGURE]]"""
import sys
import matplotlib.pyplot as plt
import pandas as pd

folder, figure = (sys.argv[1:] + ["results/core", "curves.svg"][len(sys.argv) - 1:])[:2]
trials = pd.read_csv(f"{folder}/trials.csv", low_memory=False)
print(trials.pivot_table(index="attack", columns="defense", values="asr.stop").round(3).to_string())

rounds = pd.read_csv(f"{folder}/rounds.csv", low_memory=False).query("attack == 'backdoor'")
for defense in ["mean", "norm-clipping", "krum"]:
    seeds = rounds[rounds.defense == defense].pivot(index="round", columns="seed", values="asr")
    plt.plot(seeds.mean(axis=1), label=defense)
    plt.fill_between(seeds.index, seeds.min(axis=1), seeds.max(axis=1), alpha=0.2)
plt.axvspan(trials["window.start"][0], trials["window.stop"][0] - 1, color="gray", alpha=0.15, label="attack")
plt.gca().set(xlabel="round", ylabel="attack success rate", title="backdoor: mean and range over seeds", ylim=(0, 1))
plt.legend()
plt.savefig(figure)
