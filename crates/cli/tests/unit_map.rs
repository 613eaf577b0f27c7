//! A unit on its own: a whole run writes every file, the same each time, and wrong files are refused at
//! their line.

#![allow(clippy::unwrap_used, clippy::panic)]

mod programme;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use programme::{codrive, names, scratch};

const FILES: [&str; 23] = [
    "axle-map.csv",
    "currents.svg",
    "envelopes-at.csv",
    "envelopes-at.svg",
    "envelopes.csv",
    "gear-efficiency.svg",
    "gear-loss.svg",
    "gear-losses.csv",
    "inverter-efficiency.svg",
    "inverter-loss.svg",
    "loss-split.svg",
    "losses.csv",
    "machine-efficiency.svg",
    "machine-loss.svg",
    "motor-map.csv",
    "rotor-stress.svg",
    "safe-state.csv",
    "temperature.svg",
    "trace.csv",
    "unit-efficiency.svg",
    "unit-loss.svg",
    "unit.html",
    "unit.json",
];

/// A folder of its own for one test.
fn folder(name: &str) -> PathBuf {
    let root = scratch(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).unwrap();
    root
}

fn map(unit: &str, out: &Path, cache: &Path) -> Output {
    let (out, cache) = (out.to_str().unwrap(), cache.to_str().unwrap());
    let words = [
        "--quiet", "unit", "map", unit, "--out", out, "--cache", cache,
    ];
    codrive().args(words).output().unwrap()
}

#[test]
fn a_whole_run_writes_every_file_the_same_each_time() {
    let root = folder("whole");
    let cache = root.join("cache");
    let outs = [root.join("one"), root.join("two")];
    for out in &outs {
        let output = map("bmw-i3", out, &cache);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert_eq!(names(&outs[0]), FILES);
    for file in FILES {
        let text = fs::read_to_string(outs[0].join(file)).unwrap();
        assert_eq!(
            text,
            fs::read_to_string(outs[1].join(file)).unwrap(),
            "{file}"
        );
        assert!(!text.contains("NaN") && !text.contains("inf,"), "{file}");
        assert!(file == "unit.html" || !text.contains("null"), "{file}");
        let outside = text.replace("http://www.w3.org/2000/svg", "");
        assert!(
            !outside.contains("http"),
            "{file} refers to a place outside"
        );
    }
    envelopes_are_in_order(&outs[0].join("envelopes.csv"));
    losses_sum(&outs[0].join("losses.csv"));
    hotter_magnets_give_less(&outs[0].join("envelopes-at.csv"));
    fs::remove_dir_all(root).unwrap();
}

/// Peak holds at least what is held for 10 s, that at least what for 30 s, that the continuous torque.
fn envelopes_are_in_order(file: &Path) {
    let text = fs::read_to_string(file).unwrap();
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let values: Vec<f64> = line
            .split(',')
            .skip(2)
            .map(|v| v.parse().unwrap())
            .collect();
        let [peak, braking, ten, thirty, continuous] = values[..] else {
            panic!("{line}");
        };
        assert!(braking < 0.0 && peak >= ten - 1e-3, "{line}");
        assert!(
            ten >= thirty - 1e-3 && thirty >= continuous - 1e-2 * peak,
            "{line}"
        );
        rows += 1;
    }
    assert!(rows > 20, "{rows}");
}

/// The numbers of a table, by the names of its columns.
fn rows(file: &Path) -> (Vec<String>, Vec<Vec<f64>>) {
    let text = fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let names = lines.next().unwrap().split(',').map(str::to_owned);
    let values = |line: &str| line.split(',').map(|v| v.parse().unwrap()).collect();
    (names.collect(), lines.map(values).collect())
}

/// At each of 3 voltages x 3 winding x 3 magnet temperatures the origins sum to the loss.
fn losses_sum(file: &Path) {
    let (names, rows) = rows(file);
    let conditions: std::collections::BTreeSet<String> =
        rows.iter().map(|row| format!("{:?}", &row[..3])).collect();
    assert_eq!(conditions.len(), 27);
    let total = "loss_w";
    let place = names.iter().position(|name| name == total).unwrap();
    let is_origin = |name: &str| {
        name.ends_with("_w")
            && ![
                total,
                "of_iron_build_factor_w",
                "switching_ripple_at_most_w",
            ]
            .contains(&name)
    };
    for row in rows {
        let origins = names.iter().zip(&row).filter(|(name, _)| is_origin(name));
        let sum: f64 = origins.map(|(_, w)| w).sum();
        // Printed to 0.1 mW.
        assert!((sum - row[place]).abs() < 1e-3, "{row:?}");
    }
}

/// Peak torque at standstill at the middle voltage falls with the temperature of the magnets.
fn hotter_magnets_give_less(file: &Path) {
    let (_, rows) = rows(file);
    let at = |magnet_k: f64| {
        let row = rows
            .iter()
            .find(|row| row[0] == 353.0 && row[1] == 373.15 && row[2] == magnet_k && row[3] == 0.0);
        row.unwrap()[4]
    };
    assert!(at(293.15) > at(373.15) && at(373.15) > at(413.15));
}

const UNIT: &str = "schema = 1
id = \"own-unit\"
name = \"Own\"
source = \"test\"
machine = \"bmw-i3\"
inverter = \"si-400v-450a\"
gear_set = \"two-stage-9.7-260\"
dc_voltage = \"350 V\"
";

#[test]
fn wrong_files_are_refused_at_their_line_and_nothing_is_written() {
    let root = folder("refused");
    let (file, out) = (root.join("unit.toml"), root.join("out"));
    for (from, to, place, part) in [
        (
            "\"bmw-i3\"",
            "\"bmw-i4\"",
            "unit.toml:5:",
            "did you mean `bmw-i3`?",
        ),
        (
            "\"bmw-i3\"",
            "\"none.toml\"",
            "unit.toml:5:",
            "none.toml: cannot be read",
        ),
        ("si-400v-450a", "si-400v-451a", "unit.toml:6:", "shipped:"),
        (
            "two-stage-9.7-260",
            "own-gear.toml",
            "unit.toml:7:",
            "own-gear.toml: cannot be read",
        ),
        ("350 V", "0 V", "unit.toml:8:", "above zero"),
        ("350 V", "900 V", "unit.toml:8:", "another inverter"),
        ("350 V", "350 Nm", "unit.toml:8:", "not a unit of voltage"),
        (
            "dc_voltage",
            "dc_volts",
            "unit.toml:8:",
            "did you mean `dc_voltage`?",
        ),
        (
            "\"350 V\"\n",
            "\"350 V\"\npeak_current_rms = \"500 A\"\n",
            "unit.toml:9:",
            "at most 450 A rms",
        ),
    ] {
        fs::write(&file, UNIT.replace(from, to)).unwrap();
        let output = map(file.to_str().unwrap(), &out, &root.join("cache"));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{to}: {stderr}");
        assert!(
            stderr.contains(place) && stderr.contains('^'),
            "{to}: {stderr}"
        );
        assert!(
            stderr.contains(part) && !stderr.contains("panicked"),
            "{to}: {stderr}"
        );
        assert!(!out.exists(), "{to}");
    }
    fs::remove_dir_all(root).unwrap();
}

/// A unit, its machine and its inverter, each a file of its own with one thing changed; stderr of the command.
fn changed(name: &str, from: &str, to: &str) -> String {
    let root = folder(name);
    let shipped = |path: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
        fs::read_to_string(root.join(path)).unwrap()
    };
    let unit = UNIT
        .replace("\"bmw-i3\"", "\"own-machine.toml\"")
        .replace("\"si-400v-450a\"", "\"own-inverter.toml\"")
        .replace("\"two-stage-9.7-260\"", "\"own-gear.toml\"");
    let files = [
        ("unit.toml", unit),
        ("own-machine.toml", shipped("machines/bmw-i3.toml")),
        ("own-inverter.toml", shipped("inverters/si-400v-450a.toml")),
        ("own-gear.toml", shipped("gear_sets/two-stage-9.7-260.toml")),
    ];
    let mut found = 0;
    for (file, text) in files {
        found += text.matches(from).count();
        fs::write(root.join(file), text.replace(from, to)).unwrap();
    }
    assert!(found > 0, "{from} is in no file");
    let out = root.join("out");
    let output = map(
        root.join("unit.toml").to_str().unwrap(),
        &out,
        &scratch("unit-cache"),
    );
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{to}: {stderr}");
    assert!(
        !stderr.contains("panicked") && !out.exists(),
        "{to}: {stderr}"
    );
    fs::remove_dir_all(root).unwrap();
    stderr
}

#[test]
fn what_cannot_be_is_refused_with_its_value_and_its_limit() {
    let after = |text: &str| format!("dc_voltage = \"350 V\"\n{text}\n");
    let duty = |rpm: &str| {
        after(&format!(
            "[[duty]]\ntime = \"10 s\"\nspeed = \"{rpm}\"\ntorque = \"10 Nm\""
        ))
    };
    let voltage = "dc_voltage = \"350 V\"\n";
    for (name, from, to, parts) in [
        (
            "burst",
            voltage,
            duty("60000 rpm").as_str(),
            ["60000 rpm are beyond the strength of the rotor, which ends at", "at most"],
        ),
        (
            "hot-winding",
            voltage,
            after("[temperatures]\nwinding_limit = \"400 degC\"").as_str(),
            ["400 degC is beyond the highest class of insulation, 220 degC", "unit.toml:10:"],
        ),
        (
            "hot-magnet",
            voltage,
            after("[temperatures]\nmagnet_limit = \"200 degC\"").as_str(),
            ["200 degC is beyond what magnets of grade N42SH bear, 150 degC", "unit.toml:10:"],
        ),
        (
            "hot-maps",
            voltage,
            after("[maps]\nmagnets = [\"20 degC\", \"170 degC\"]").as_str(),
            ["170 degC is beyond what magnets of grade N42SH bear, 150 degC", "unit.toml:10:"],
        ),
        (
            "high-maps",
            voltage,
            after("[maps]\ndc_voltage = [\"500 V\"]").as_str(),
            ["500 V is beyond the highest DC voltage of `si-400v-450a`, 450 V", "at most 450 V"],
        ),
        (
            "paths",
            "parallel_paths = 4",
            "parallel_paths = 5",
            ["5 parallel paths cannot be wound alike on 12 poles", "one of 1, 2, 3, 4, 6, 12"],
        ),
        (
            "thin",
            "conductors_per_slot = 6",
            "conductors_per_slot = 300",
            ["strands in a conductor is 0.29", "at least 1: fewer conductors per slot"],
        ),
        (
            "device",
            "dc_voltage_max = \"450 V\"",
            "dc_voltage_max = \"900 V\"",
            ["dc_voltage_max in V is 900", "must be 1 to 650"],
        ),
        (
            "device-line",
            "dead_time = \"2 us\"",
            "dead_time = \"90 us\"",
            ["dead_time in s is 0.0000", "own-inverter.toml:19:"],
        ),
        (
            "exponent",
            "voltage_exponent = 1.3",
            "voltage_exponent = 9.0",
            ["transistor.energy.voltage_exponent is 9", "must be 0 to 3"],
        ),
        (
            "exponent-line",
            "voltage_exponent = 1.3",
            "voltage_exponent = 9.0",
            ["device.si-igbt.transistor.energy.voltage_exponent is 9", "own-inverter.toml:40:"],
        ),
        (
            "teeth-line",
            "face_width = ",
            "face_width = \"0.1 mm\" # ",
            ["stages[0].face_width in m is 0.0001: must be 0.001 to 1", "own-gear.toml:"],
        ),
        (
            "teeth",
            "wheel_teeth = 86",
            "wheel_teeth = 50",
            ["its teeth make a ratio of 5.640, not 9.7", "own-gear.toml:15:"],
        ),
        (
            "oil",
            "oil_temperature = \"50 degC\"",
            "oil_temperature = \"300 degC\"",
            ["oil_temperature in K is 573.15: must be 233.15 to 433.15", "own-gear.toml:20:"],
        ),
        (
            "stack",
            "stack = \"132 mm\"",
            "stack = \"5 m\"",
            ["a stack of 5000 mm", "own-machine.toml:"],
        ),
        (
            "unknown",
            voltage,
            after("[unknown]\ncoolant_flow = { low = \"8 L/min\", high = \"9 L/min\", source = \"s\" }").as_str(),
            ["coolant flow is assumed as 6 L/min, outside of 8 L/min to 9 L/min", "unit.toml:10:"],
        ),
    ] {
        let stderr = changed(name, from, to);
        for part in parts {
            assert!(stderr.contains(part), "`{part}` is missing in\n{stderr}");
        }
    }
}

#[test]
fn an_unknown_name_is_refused_with_what_is_shipped() {
    let root = folder("unknown");
    let output = map("bmw-i5", &root.join("out"), &root.join("cache"));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("no drive unit `bmw-i5`") && stderr.contains("jaguar-i-pace"),
        "{stderr}"
    );
    fs::remove_dir_all(root).unwrap();
}
