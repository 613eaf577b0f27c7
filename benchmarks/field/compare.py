"""Both programs on the same pole: runs them one after the other and prints the tables.

usage: compare.py FIELD_BENCH REPEATS (benchmarks/field/run does it)
"""

import json
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
# Energy decrement over the energy at which both stop; codrive's own number (`Stop::default`).
DECREMENT = 3e-6
CASES = {"P1": (1, 2900), "P2": (2, 5000)}


def output_of(*command):
    """The JSON object that a program prints."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def processor():
    """Name of the processor (Linux), or what Python knows."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def table(head, rows):
    """A table of text, as Markdown."""
    rows = [head, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print("\n".join(lines) + "\n")


def largest_difference(ours, theirs):
    """Largest difference of psi_d, psi_q and torque over all points, over the largest magnitude."""
    ours, theirs = sorted(ours), sorted(theirs)
    differences = []
    for column in (2, 3, 4):
        scale = max(abs(point[column]) for point in theirs)
        off = max(abs(a[column] - b[column]) for a, b in zip(ours, theirs, strict=True))
        differences.append(off / scale)
    return differences


def warm_points(program, repeats):
    """Table 1: a warm operating point in both programs, on the same mesh."""
    rows = []
    for name, (order, unknowns) in CASES.items():
        pole = HERE / "out" / f"pole-{name.lower()}.json"
        pole.parent.mkdir(exist_ok=True)
        pole.write_text(json.dumps(output_of(program, "mesh", order, unknowns)))
        ours = output_of(program, "row", order, unknowns, repeats)
        row = [sys.executable, HERE / "ngsolve_row.py", pole, DECREMENT, repeats]
        theirs = output_of(*row)
        (HERE / "out" / f"ngsolve-{name.lower()}.json").write_text(json.dumps(theirs))
        assert ours["unknowns"] == theirs["unknowns"], "not the same space"
        psi_d, psi_q, torque = largest_difference(ours["points"], theirs["points"])
        mine, peer = ours["cpu_ms_per_point"], theirs["cpu_ms_per_point"]
        rows.append(
            [
                f"{name}, {ours['unknowns']} unknowns",
                f"{mine:.3f}",
                f"{peer:.1f}",
                f"{peer / mine:.0f}",
                f"{ours['newton_steps_per_point']:.2f} / {theirs['newton_steps_per_point']:.2f}",
                f"{psi_d:.0e}, {psi_q:.0e}, {torque:.0e}",
            ]
        )
        print_tried(name, theirs)
    print(f"\nOurs: {ours['path']}. NGSolve {theirs['version']}.\n")
    table(
        [
            "warm point along a row, one thread",
            "ours, CPU ms",
            "NGSolve, CPU ms",
            "ratio",
            "Newton steps",
            "largest difference psi_d, psi_q, torque (of maximum)",
        ],
        rows,
    )


def print_tried(name, theirs):
    inverses = theirs["inverses_ms_per_point"].items()
    print(f"NGSolve {name}, factorisations (short row), ms a point: ", end="")
    print(", ".join(f"{key} {ms:.1f}" for key, ms in inverses))
    print(f"NGSolve {name}, {theirs['inverse']}, predictors: ", end="")
    print(", ".join(f"{key} {ms:.1f}" for key, ms in theirs["tried_ms_per_point"].items()))


def full_maps(program, repeats):
    """Table 2: all points of a map on two threads and on one."""
    rows = []
    for name, (order, unknowns) in CASES.items():
        for threads in (2, 1):
            result = output_of(program, "map", order, unknowns, threads, repeats)
            health = result["health"]
            rows.append(
                [
                    f"{name}, {health['unknowns']} unknowns",
                    str(threads),
                    f"{result['wall_s']:.2f}",
                    f"{result['cpu_s']:.2f}",
                    f"{health['operating_points']}",
                    f"{len(health['unconverged'])}",
                    f"{health['newton_iterations'] / health['operating_points']:.2f}",
                    f"{result['peak_memory_mib']:.0f}",
                ]
            )
    table(
        [
            "full map, 16 x 16 currents x 12 positions",
            "threads",
            "wall s",
            "CPU s",
            "points solved",
            "not converged",
            "Newton steps a point",
            "peak memory MiB",
        ],
        rows,
    )


def times_of_a_map(program):
    """Table 3: where the time of a map on one thread goes."""
    rows = []
    for name, (order, unknowns) in CASES.items():
        parts = output_of(program, "parts", order, unknowns)
        rows.append(
            [
                name,
                f"{1e3 * parts['mesh_s']:.0f} ms",
                f"{1e3 * parts['set_up_s']:.0f} ms",
                f"{parts['newton_s']:.2f} s",
                f"{parts['readings_s']:.2f} s",
                str(parts["factorisations_of_16"]),
                f"{parts['peak_gflops']:.0f} GFLOP/s",
                f"{parts['factorisation_at_peak_s']:.2f} s",
                f"{100 * parts['share_of_peak_in_newton']:.0f} %",
                f"{parts['batch_mib']:.0f} MiB",
            ]
        )
    print(f"Vector instructions: {parts['path']}.\n")
    table(
        [
            "where the CPU time goes, one thread",
            "mesh, elements",
            "ordering, plan",
            "Newton",
            "readings",
            "factorisations of 16",
            "measured FMA peak",
            "factorisation at that peak",
            "share of peak in Newton",
            "memory of a batch",
        ],
        rows,
    )


def smooth_maps(program):
    """Table 4: maps with fewer points solved, their error against the full map."""
    rows = []
    for name, (order, unknowns) in CASES.items():
        for row in output_of(program, "smooth", order, unknowns, 2)["rows"]:
            psi_d, psi_q, torque = (f"{100 * error:.2f} %" for error in row["errors"])
            rows.append(
                [
                    name,
                    f"{row['currents']} x {row['currents']} x {row['positions']}",
                    str(row["points"]),
                    f"{row['wall_s']:.2f}",
                    psi_d,
                    psi_q,
                    torque,
                ]
            )
    table(
        [
            "smooth map, two threads",
            "currents x positions",
            "points solved",
            "wall s",
            "error of psi_d",
            "psi_q",
            "dq torque (of maximum)",
        ],
        rows,
    )


def main(program, repeats):
    print(f"{processor()}, {platform.system()}, Python {platform.python_version()}\n")
    warm_points(program, repeats)
    full_maps(program, repeats)
    times_of_a_map(program)
    smooth_maps(program)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]))
