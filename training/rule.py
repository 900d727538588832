"""One calibrated rule: the probability of a head, from whatever evidence there is.

Logistic regression, with a penalty that keeps the weights of evidence that says the same from running away.
"""

from dataclasses import dataclass

import numpy as np

PENALTY = 1e-3
LEAST = 0.005


def log_odds(score: np.ndarray) -> np.ndarray:
    """Of scores from 0 to 1; nothing seen counts as LEAST."""
    score = np.clip(score, LEAST, 1 - LEAST)
    return np.log(score / (1 - score))


@dataclass(frozen=True)
class Rule:
    weights: np.ndarray
    bias: float

    def judge(self, evidence: np.ndarray) -> np.ndarray:
        """Log-odds of a head; `evidence`: n x k."""
        return evidence @ self.weights + self.bias


def fit(evidence: np.ndarray, label: np.ndarray) -> Rule:
    """Both labels weigh alike, however many there are of each."""
    middle, spread = evidence.mean(0), evidence.std(0) + 1e-6
    x = np.concatenate([(evidence - middle) / spread, np.ones((len(evidence), 1))], 1)
    weight = np.where(label == 1, 0.5 / max(1, (label == 1).sum()), 0.5 / max(1, (label == 0).sum()))
    penalty = PENALTY * np.append(np.ones(evidence.shape[1]), 0)
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        step = np.linalg.solve(
            (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(penalty + 1e-9), x.T @ (weight * (label - p)) - penalty * beta
        )
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    weights = beta[:-1] / spread
    return Rule(weights, float(beta[-1] - weights @ middle))


def false_at(judged: np.ndarray, label: np.ndarray, recall: float) -> float:
    """Share of what is no head that is still let through when `recall` of the heads are."""
    bar = np.quantile(judged[label == 1], 1 - recall)
    return float((judged[label == 0] >= bar).mean())
