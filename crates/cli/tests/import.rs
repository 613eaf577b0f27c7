//! From a pyleecan file to a solved machine, with the binary as people use it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use codrive_field::geometry::outline::signed_area;
use codrive_field::geometry::{rotor, slot};
use codrive_import::{Catalogue, pyleecan};
use codrive_model::input::Source;
use codrive_model::section::Section;
use codrive_study::inputs::draw;
use serde_json::{Value, json};

fn machine_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../import/tests/machines/{name}.json"))
}

/// An empty folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("import-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn codrive(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_codrive"))
        .args(arguments)
        .output()
        .unwrap()
}

/// Imports a machine into a folder; gives the machine file.
fn import(folder: &Path, name: &str, options: &[&str]) -> PathBuf {
    let machine = folder.join("machine.toml");
    let file = machine_file(name);
    let mut arguments = vec!["import", "pyleecan", file.to_str().unwrap(), "-o"];
    arguments.push(machine.to_str().unwrap());
    arguments.extend(options);
    let output = codrive(&arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{stderr}");
    machine
}

/// Replaces values in the imported section.
fn change_section(folder: &Path, changes: &[(&str, &str)]) {
    let file = folder.join("machine-section.toml");
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let key = line.split(" =").next().unwrap_or_default();
            match changes.iter().find(|(changed, _)| *changed == key) {
                Some((_, value)) => format!("{key} = \"{value}\""),
                None => line.to_owned(),
            }
        })
        .collect();
    fs::write(file, lines.join("\n")).unwrap();
}

fn solve(machine: &str, i_d: f64, i_q: f64) -> [f64; 3] {
    let (i_d, i_q) = (i_d.to_string(), i_q.to_string());
    let output = codrive(&[
        "motor", "solve", machine, "--json", "--id", &i_d, "--iq", &i_q,
    ]);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{stderr}");
    let point: Value = serde_json::from_slice(&output.stdout).unwrap();
    ["torque_nm", "psi_d_vs", "psi_q_vs"].map(|key| point[key].as_f64().unwrap())
}

/// 353.57 Nm by two other programs, which take no stacking factor and Br 1.1904 T (60 °C).
#[test]
fn the_prius_of_pyleecan_has_the_reference_torque() {
    let folder = folder("prius");
    let machine = import(
        &folder,
        "Toyota_Prius",
        &["--magnet-temperature", "60 degC"],
    );
    change_section(&folder, &[("stacking_factor", "100 %")]);
    let [torque, ..] = solve(machine.to_str().unwrap(), -160.697, 191.511);
    // As crates/field/tests/reference.rs asks of the section entered by hand.
    assert!((torque - 353.57).abs() < 1.1, "{torque}");
}

/// With the materials of the sections entered by hand, the imported ones give the same machine.
#[test]
fn imported_machines_solve_like_those_entered_by_hand() {
    for (name, shipped, currents, changes, tolerance) in [
        (
            "Toyota_Prius",
            "prius-2004",
            (-160.697, 191.511),
            vec![
                ("stacking_factor", "100 %"),
                ("magnet_temperature", "60 degC"),
            ],
            1e-5,
        ),
        (
            "BMW_i3",
            "bmw-i3-reference",
            (-100.0, 200.0),
            vec![
                ("stacking_factor", "100 %"),
                ("magnet", "Br-1.20"),
                ("magnet_temperature", "100 degC"),
            ],
            1e-5,
        ),
        // The slot has a round bottom in the file and a flat one by hand; its magnets are turned by
        // up to 0.13° in the file.
        (
            "Jaguar_I_Pace",
            "jaguar-i-pace",
            (-300.0, 500.0),
            vec![("magnet", "N48SH"), ("magnet_temperature", "100 degC")],
            2e-3,
        ),
    ] {
        let folder = folder(shipped);
        let machine = import(&folder, name, &[]);
        change_section(&folder, &changes);
        let ours = solve(machine.to_str().unwrap(), currents.0, currents.1);
        let by_hand = solve(shipped, currents.0, currents.1);
        let largest = [
            by_hand[0].abs(),
            by_hand[1].hypot(by_hand[2]),
            by_hand[1].hypot(by_hand[2]),
        ];
        for k in 0..3 {
            let off = (ours[k] - by_hand[k]).abs() / largest[k];
            assert!(off < tolerance, "{shipped}: {ours:?} {by_hand:?}");
        }
    }
}

/// Areas of magnets, air and slot of what is shipped, within 0.1 %.
#[test]
fn areas_are_those_entered_by_hand() {
    for (name, shipped) in [
        ("Toyota_Prius", "prius-2004"),
        ("BMW_i3", "bmw-i3"),
        ("Jaguar_I_Pace", "jaguar-i-pace"),
    ] {
        let source = Source::read(&machine_file(name)).unwrap();
        let imported = pyleecan::read(&source, &Catalogue::default(), None).unwrap();
        let by_hand: Section =
            codrive_catalogue::get(codrive_catalogue::Kind::Section, shipped).unwrap();
        let areas = |section: &Section| -> [f64; 4] {
            let regions = rotor::draw(section).unwrap();
            let slot = slot::draw(section).unwrap();
            let sum = |magnets: bool| -> f64 {
                let of = regions
                    .iter()
                    .filter(|r| r.magnetisation_rad.is_some() == magnets);
                of.map(|r| signed_area(&r.outline).abs()).sum()
            };
            let ring = |d: f64, e: f64| std::f64::consts::FRAC_PI_4 * (d * d - e * e);
            let slots = f64::from(section.slots);
            let cut = signed_area(&slot.winding).abs() + signed_area(&slot.opening).abs();
            let stator = &section.stator;
            [
                sum(true),
                sum(false),
                signed_area(&slot.winding).abs(),
                ring(stator.outer_diameter_m, stator.bore_diameter_m) - slots * cut,
            ]
        };
        let (a, b) = (areas(&imported.section), areas(&by_hand));
        // The bottom of the I-Pace's slot is an arc in the file, drawn by hand as its chord.
        let slot_tolerance = if shipped == "jaguar-i-pace" {
            2e-3
        } else {
            1e-3
        };
        for (k, tolerance) in [1e-3, 1e-3, slot_tolerance, 1e-3].into_iter().enumerate() {
            assert!(
                (a[k] / b[k] - 1.0).abs() < tolerance,
                "{shipped} {k}: {a:?} {b:?}"
            );
        }
    }
}

/// The Prius with other holes and slots, drawn and checked; and magnets on the surface.
#[test]
fn other_classes_make_sections_that_can_be_drawn() {
    let magnet = text("Toyota_Prius")
        .pointer("/rotor/hole/0/magnet_0")
        .unwrap()
        .clone();
    let hole57 = json!({"__class__": "HoleM57", "Zh": 8, "H1": 0.0015, "H2": 0.006, "W0": 2.5,
        "W1": 0.002, "W2": 0.001, "W3": 0.012, "W4": 0.018, "magnet_0": magnet, "magnet_1": magnet});
    let barrier = json!({"__class__": "HoleM54", "Zh": 8, "H0": 0.003, "H1": 0.002, "W0": 0.5,
        "R1": 0.02});
    let surface = json!({"__class__": "SlotM11", "Zs": 8, "H0": 0.0, "H1": 0.004, "W0": 0.6,
        "W1": 0.6});
    let slots = [
        json!({"__class__": "SlotW10", "W0": 0.004, "W1": 0.005, "W2": 0.0045, "H0": 0.001,
            "H1": 0.001, "H2": 0.03}),
        json!({"__class__": "SlotW21", "W0": 0.002, "W1": 0.004, "W2": 0.007, "H0": 0.001,
            "H1": 0.6, "H1_is_rad": true, "H2": 0.03}),
        json!({"__class__": "SlotW22", "W0": 0.02, "W2": 0.06, "H0": 0.001, "H2": 0.03}),
        json!({"__class__": "SlotW23", "W0": 0.002, "H0": 0.001, "H1": 0.001, "H2": 0.03,
            "is_cstt_tooth": true, "W3": 0.0055}),
        json!({"__class__": "SlotW29", "W0": 0.002, "W1": 0.003, "W2": 0.0045, "H0": 0.001,
            "H1": 0.0008, "H2": 0.03}),
    ];
    let mut files = Vec::new();
    for mut slot in slots {
        slot["Zs"] = 48.into();
        let mut file = text("Toyota_Prius");
        file["stator"]["slot"] = slot;
        files.push(file);
    }
    for holes in [json!([hole57]), json!([hole57, barrier])] {
        let mut file = text("Toyota_Prius");
        file["rotor"]["hole"] = holes;
        files.push(file);
    }
    let mut file = text("Toyota_Prius");
    file["rotor"]["__class__"] = "LamSlotMag".into();
    file["rotor"]["slot"] = surface;
    file["rotor"]["magnet"] = magnet;
    file["rotor"]["Rext"] = 0.076.into();
    files.push(file);
    let folder = folder("classes");
    for (i, file) in files.iter().enumerate() {
        let source = Source::shipped("machine.json", &file.to_string());
        let import = pyleecan::read(&source, &Catalogue::default(), None)
            .unwrap_or_else(|error| panic!("{i}: {error}"));
        draw(&import.section).unwrap_or_else(|fault| panic!("{i}: {fault}"));
        let machine = folder.join(format!("m{i}.toml"));
        for (path, text) in import.files(&machine) {
            fs::write(path, text).unwrap();
        }
        let [torque, psi_d, _] = solve(machine.to_str().unwrap(), -100.0, 200.0);
        assert!(
            torque > 100.0 && psi_d > 0.0,
            "{i}: {torque} Nm, {psi_d} Vs"
        );
    }
}

fn text(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(machine_file(name)).unwrap()).unwrap()
}

/// Whatever number is in a file, drawing what it makes does not panic.
#[test]
fn drawing_absurd_machines_does_not_panic() {
    for name in ["Toyota_Prius", "Jaguar_I_Pace"] {
        let whole = text(name);
        for place in [
            "/rotor/hole/0",
            "/stator/slot",
            "/rotor/axial_vent/0",
            "/rotor",
            "/stator",
        ] {
            let keys: Vec<String> = whole
                .pointer(place)
                .and_then(Value::as_object)
                .map(|o| o.keys().cloned().collect())
                .unwrap_or_default();
            for key in keys {
                for value in [0.0, 1e-9, 1e-4, 0.003, 0.02, 0.09, 0.5, 3.0] {
                    let mut file = whole.clone();
                    let old = &mut file.pointer_mut(place).unwrap()[&key];
                    if !old.is_number() {
                        continue;
                    }
                    *old = value.into();
                    let source = Source::shipped("machine.json", &file.to_string());
                    if let Ok(import) = pyleecan::read(&source, &Catalogue::default(), None) {
                        let _ = draw(&import.section);
                    }
                }
            }
        }
    }
}

#[test]
fn files_that_are_there_are_kept_unless_forced() {
    let folder = folder("taken");
    let machine = import(&folder, "Jaguar_I_Pace", &["--quiet"]);
    let mut files: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(
        files,
        [
            "machine-magnet.toml",
            "machine-section.toml",
            "machine.toml"
        ]
    );
    fs::write(&machine, "mine").unwrap();
    let file = machine_file("Jaguar_I_Pace");
    let arguments = [
        "import",
        "pyleecan",
        file.to_str().unwrap(),
        "-o",
        machine.to_str().unwrap(),
    ];
    let output = codrive(&arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("machine.toml: is there already") && stderr.contains("--force"),
        "{stderr}"
    );
    assert_eq!(fs::read_to_string(&machine).unwrap(), "mine");
    let output = codrive(&[&arguments[..], &["--force"]].concat());
    assert!(output.status.success());
    let notes = String::from_utf8_lossy(&output.stderr).into_owned();
    for part in ["winding factor 0.707", "vshape", "20 degC"] {
        assert!(notes.contains(part), "{part} in\n{notes}");
    }
    assert!(
        fs::read_to_string(&machine)
            .unwrap()
            .contains("machine-section.toml")
    );
}

#[test]
fn a_refusal_names_the_file_and_writes_nothing() {
    let folder = folder("refused");
    let file = folder.join("m.json");
    let text = fs::read_to_string(machine_file("Toyota_Prius")).unwrap();
    fs::write(&file, text.replace("HoleM50", "HoleM52")).unwrap();
    let output = codrive(&[
        "import",
        "pyleecan",
        file.to_str().unwrap(),
        "-o",
        folder.join("m.toml").to_str().unwrap(),
    ]);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("m.json") && stderr.contains("`rotor.hole[0]` is a HoleM52"),
        "{stderr}"
    );
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

/// The material files are the user's own: what is wrong in them is shown in them.
#[test]
fn a_wrong_material_file_is_shown_at_its_line() {
    let folder = folder("material");
    let machine = import(&folder, "Jaguar_I_Pace", &["--quiet"]);
    let file = folder.join("machine-magnet.toml");
    let text = fs::read_to_string(&file).unwrap();
    let solve = || {
        let machine = machine.to_str().unwrap();
        let output = codrive(&["motor", "solve", machine, "--id", "0", "--iq", "100"]);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    fs::write(&file, text.replace("= 1.45", "= 14.5")).unwrap();
    let stderr = solve();
    for part in [
        "machine-magnet.toml:4",
        "14.5 is out of range",
        "from 0.05 to 2",
    ] {
        assert!(stderr.contains(part), "{part} in\n{stderr}");
    }
    fs::remove_file(&file).unwrap();
    let stderr = solve();
    assert!(stderr.contains("machine-magnet.toml"), "{stderr}");
}
