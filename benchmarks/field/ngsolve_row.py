"""NGSolve's side of the benchmark: warm operating points along rows of constant i_d.

usage: ngsolve_row.py POLE.json DECREMENT REPEATS

Every factorisation that is installed and every predictor is tried first; the fastest then solve all rows.
Processor time of one thread; readings are outside the time. Prints one JSON object.
"""

import importlib.metadata
import json
import statistics
import sys
import time

import ngsolve as ng
from ngsolve_pole import Pole

INVERSES = ("sparsecholesky", "umfpack", "pardiso", "pardisospd")
PREDICTORS = {"last": [1.0], "line": [2.0, -1.0], "parabola": [3.0, -3.0, 1.0]}


def predict(history, weights):
    """Extrapolates equally spaced solutions, newest first, as far as there are any."""
    weights = list(PREDICTORS.values())[min(len(history), len(weights)) - 1]
    guess = history[0].CreateVector()
    guess[:] = 0
    for weight, solution in zip(weights, history):
        guess.data += weight * solution
    return guess


def march(pole, i_d, currents, weights):
    """One row: processor time and steps of its warm points, readings of all."""
    zero = pole.a.vec.CreateVector()
    zero[:] = 0
    history, spent_s, steps, points = [], 0.0, 0, []
    for i_q in currents:
        begun = time.process_time()
        start = predict(history, weights) if history else zero
        source = pole.source(i_d, i_q)
        paused = time.process_time()
        # Known beforehand to a program that keeps it from point to point: not counted.
        threshold = pole.threshold(start, source)
        begun += time.process_time() - paused
        count = pole.solve(start, source, threshold)
        solution = pole.a.vec.CreateVector()
        solution.data = pole.a.vec
        if history:
            spent_s += time.process_time() - begun
            steps += count
        history = [solution, *history][:3]
        points.append([i_d, i_q, *pole.read()])
    return spent_s, steps, points


def fastest(tried):
    return min(tried, key=tried.get)


def try_all(data, decrement):
    """Milliseconds a point: every factorisation on a short row, then predictors on the middle one."""
    middle, i_q = data["i_d_a"][len(data["i_d_a"]) // 2], data["i_q_a"]

    def trial(inverse, compiled, predictor, currents):
        pole = Pole(data, inverse, decrement, compiled)
        march(pole, middle, currents[:2], [1.0])
        spent_s, _, _ = march(pole, middle, currents, PREDICTORS[predictor])
        return 1e3 * spent_s / (len(currents) - 1)

    inverses = {}
    for inverse in INVERSES:
        try:
            inverses[inverse] = trial(inverse, False, "line", i_q[:5])
        except Exception as error:  # not installed: the reason is told, the others go on
            print(f"{inverse}: {error}", file=sys.stderr)
    best = fastest(inverses)
    rows = {
        (best, compiled, predictor): trial(best, compiled, predictor, i_q)
        for compiled in (False, True)
        for predictor in PREDICTORS
    }
    return inverses, rows


def main(path, decrement, repeats):
    with open(path) as file:
        data = json.load(file)
    ng.SetNumThreads(1)
    inverses, tried = try_all(data, decrement)
    inverse, compiled, predictor = fastest(tried)
    pole = Pole(data, inverse, decrement, compiled)
    warm = len(data["i_d_a"]) * (len(data["i_q_a"]) - 1)
    times_ms = []
    for _ in range(repeats):
        rows = [march(pole, i_d, data["i_q_a"], PREDICTORS[predictor]) for i_d in data["i_d_a"]]
        times_ms.append(1e3 * sum(spent_s for spent_s, _, _ in rows) / warm)
    report = {
        "version": importlib.metadata.version("ngsolve"),
        "unknowns": sum(pole.free),
        "inverse": inverse,
        "compiled": compiled,
        "predictor": predictor,
        "inverses_ms_per_point": inverses,
        "tried_ms_per_point": {f"{p}{', compiled' * c}": t for (_, c, p), t in tried.items()},
        "cpu_ms_per_point": statistics.median(times_ms),
        "newton_steps_per_point": sum(steps for _, steps, _ in rows) / warm,
        "points": [point for _, _, points in rows for point in points],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
