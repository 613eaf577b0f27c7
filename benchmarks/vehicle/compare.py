"""FASTSim and codrive on the same car and cycles in one run; prints the tables of README.md."""

import statistics
import subprocess
import sys
import time

import fastsim

CYCLES = ["wltc3b", "udds", "hwfet", "us06"]


def codrive(program, *args):
    """Names and numbers that vehicle_bench prints."""
    text = subprocess.run([program, *args], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in text.splitlines()]
    figures = {row[0]: float(row[1]) for row in rows if len(row) == 2}
    figures["efficiency"] = {float(row[1]): float(row[2]) for row in rows if len(row) == 3}
    return figures


def vehicle(car):
    """The car in FASTSim: its Renault Zoe with every figure replaced that codrive's car has."""
    base = fastsim.Vehicle.from_resource("2022_Renault_Zoe_ZE50_R135.yaml").to_dict()
    chassis, drive = base["chassis"], base["pt_type"]["BEV"]
    chassis.update(
        drag_coef=car["drag_coefficient"],
        frontal_area_square_meters=car["frontal_area_m2"],
        wheel_rr_coef=car["rolling_resistance"],
        wheel_radius_meters=car["wheel_radius_m"],
        wheel_inertia_kilogram_square_meters=car["wheel_inertia_kg_m2"],
        num_wheels=4,
    )
    base["mass_kilograms"] = car["mass_kg"]
    base["pwr_aux_base_watts"] = car["auxiliary_w"]
    battery = drive["res"]
    battery["energy_capacity_joules"] = car["battery_j"]
    battery["min_soc"], battery["max_soc"] = 0.0, 1.0
    battery["state"]["soc"] = 0.5
    # The map of the unit holds the gear's loss.
    drive["transmission"]["eff_interp"] = 1.0
    motor = drive["em"]
    motor["pwr_out_max_watts"] = car["peak_w"]
    curve = car["efficiency"]
    shares = motor["eff_interp_achieved"]["data"]["grid"][0]["data"]
    values = [curve[max(share, 0.02)] for share in shares]
    motor["eff_interp_achieved"]["data"]["values"]["data"] = values
    at_input = [share / value for share, value in zip(shares, values)]
    inputs = [x / at_input[-1] for x in at_input]
    motor["eff_interp_at_max_input"]["data"]["grid"][0]["data"] = inputs
    motor["eff_interp_at_max_input"]["data"]["values"]["data"] = values
    built = fastsim.Vehicle.from_dict(base)
    built.set_save_interval(None)
    return built


def cycle(name, folder):
    """A shipped cycle in FASTSim's form."""
    rows = [line for line in open(f"{folder}/{name}.csv") if not line.startswith("#")]
    pairs = [tuple(map(float, row.split(","))) for row in rows[1:] if row.strip()]
    base = fastsim.Cycle.from_resource("udds.csv").to_dict()
    base["time_seconds"] = [t for t, _ in pairs]
    base["speed_meters_per_second"] = [v for _, v in pairs]
    for key, value in base.items():
        if isinstance(value, list) and len(value) != len(pairs):
            base[key] = [value[0] if value else 0.0] * len(pairs)
    return fastsim.Cycle.from_dict(base)


def drive(car, trace, runs):
    """Median processor time, ms, and the state at the end; copies are made outside the time."""
    fresh = fastsim.SimDrive(car, trace)
    times = []
    for _ in range(runs + 2):
        run = fresh.copy()
        start = time.process_time()
        run.run_once()
        times.append(time.process_time() - start)
    state = run.to_dict(flatten=True)

    def of(end):
        return next(state[key] for key in state if key.endswith(end))

    return {
        "ms": statistics.median(times[2:]) * 1e3,
        "distance_m": of("veh.state.dist_meters"),
        "battery_j": of("res.state.energy_out_chemical_joules"),
        "end_charge": of("res.state.soc"),
    }


def table(head, rows):
    """A table with columns of even width."""
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    line = lambda row: "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths)) + " |"
    print(line(head))
    print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
    print("\n".join(map(line, rows)), end="\n\n")


def main(program, folder, repeats):
    car = vehicle(codrive(program, "car"))
    traces = {name: cycle(name, folder) for name in CYCLES}
    # Alternately, so that a busy machine slows both.
    runs = {name: [] for name in CYCLES}
    for _ in range(repeats):
        for name in CYCLES:
            runs[name].append((codrive(program, "cycle", name), drive(car, traces[name], 15)))
    middle = lambda pairs, k, key: statistics.median(pair[k][key] for pair in pairs)
    times, results = [], []
    for name, pairs in runs.items():
        lanes, alone = (middle(pairs, 0, key) for key in ("lanes_us", "alone_us"))
        theirs = middle(pairs, 1, "ms")
        times.append([name, f"{lanes:.1f}", f"{min(p[0]['lanes_us'] for p in pairs):.1f}",
                      f"{alone:.0f}", f"{theirs:.1f}", f"{theirs * 1e3 / lanes:.0f}"])
        ours, other = pairs[0]
        per_km = lambda r: f"{r['battery_j'] / 3.6 / r['distance_m']:.1f}"
        results.append([name, f"{ours['distance_m']:.0f} / {other['distance_m']:.0f}",
                        f"{per_km(ours)} / {per_km(other)}",
                        f"{ours['end_charge']:.4f} / {other['end_charge']:.4f}",
                        f"{ours['winding_c']:.1f}"])
    table(["cycle", "ours side by side, us", "least", "ours alone, us", "FASTSim, ms", "ratio"], times)
    table(["cycle", "distance, m", "battery, Wh/km", "charge at the end", "hottest winding, C"], results)
    family = [codrive(program, "family", "2") for _ in range(min(repeats, 3))]
    of = lambda key: statistics.median(figures[key] for figures in family)
    table(["10,000 units x 8 vehicles x 4 cycles, 2 threads", "wall, s", "CPU of both, s"],
          [["energy, merged operating points", f"{of('merged_wall_s'):.1f}", f"{of('merged_cpu_s'):.1f}"],
           ["the same with charge and temperatures, step by step (from a twentieth)",
            f"{20 * of('stepped_twentieth_wall_s'):.1f}", f"{20 * of('stepped_twentieth_cpu_s'):.1f}"]])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
