# Evaluates a workspace with pyhf, which knows nothing of Duskline.
#
#   evaluate-pyhf.py limit FILE LEVEL          asymptotic CLs limits on mu: observed, then -2, -1, 0, 1, 2 standard deviations
#   evaluate-pyhf.py toys FILE MU COUNT SEED   CLs at mu from that many toys of each hypothesis, and its standard error

import json
import sys

import numpy
import pyhf
from pyhf.infer.calculators import ToyCalculator
from pyhf.infer.intervals.upper_limits import toms748_scan


def main():
    command, path = sys.argv[1:3]
    with open(path) as file:
        workspace = pyhf.Workspace(json.load(file))
    model = workspace.model()
    data = workspace.data(model)
    if command == "limit":
        # Not upper_limit, which leaves its level behind when it searches without a scan (pyhf 0.7.6).
        low, high = model.config.suggested_bounds()[model.config.poi_index]
        observed, expected = toms748_scan(
            data, model, low, high, level=1 - float(sys.argv[3]), rtol=1e-8)
        print(*[float(value) for value in [observed, *expected]])
    else:
        mu, count, seed = float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
        numpy.random.seed(seed)
        calculator = ToyCalculator(
            data, model, test_stat="qtilde", ntoys=count, track_progress=False)
        statistic = calculator.teststatistic(mu)
        clsb, clb = (float(law.pvalue(statistic)) for law in calculator.distributions(mu))
        cls = clsb / clb
        error = cls * ((1 - clsb) / (count * clsb) + (1 - clb) / (count * clb)) ** 0.5
        print(cls, error)


main()
