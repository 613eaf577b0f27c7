//! The three public machines against what codrive ships, entered by hand from the same files.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::path::Path;

use codrive_catalogue::{Kind, get};
use codrive_import::Import;
use codrive_model::input::Source;
use codrive_model::machine::Machine;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::{Corner, Region, Section, SlotShape};
use common::{MACHINES, machine};

/// The written files, read by the readers that every file goes through.
fn read_back(import: &Import) -> (Machine, Section, Vec<String>) {
    let mut others = Vec::new();
    let mut section = None;
    let mut found = None;
    for (path, text) in import.files(Path::new("out/prius.toml")) {
        let source = Source::shipped(&path.display().to_string(), &text);
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match name.as_str() {
            "prius.toml" => found = Some(Machine::read(&source).unwrap()),
            "prius-section.toml" => section = Some(Section::read(&source).unwrap()),
            "prius-steel.toml" => assert_eq!(Steel::read(&source).unwrap(), import.steel.data),
            "prius-magnet.toml" => {
                assert_eq!(MagnetGrade::read(&source).unwrap(), import.magnet.data);
            }
            name => panic!("{name}"),
        }
        others.push(name);
    }
    (found.unwrap(), section.unwrap(), others)
}

fn near(a: &[Corner], b: &[Corner], tolerance_m: f64) -> bool {
    let close = |p: &Corner, q: &Corner| {
        let d = [p.at_m[0] - q.at_m[0], p.at_m[1] - q.at_m[1]];
        d[0].hypot(d[1]) < tolerance_m
    };
    a.len() == b.len() && a.iter().all(|p| b.iter().any(|q| close(p, q)))
}

#[test]
fn what_is_written_reads_back_to_the_nanometre() {
    for name in MACHINES {
        let import = machine(name);
        let (machine, section, _) = read_back(&import);
        assert_eq!(machine.section, "prius-section.toml");
        let mut machine = machine;
        machine.section.clone_from(&import.machine.section);
        let skew = |m: &Machine| m.skew.as_ref().map_or(0.0, |s| s.angle_rad);
        assert!((skew(&machine) - skew(&import.machine)).abs() < 1e-10);
        machine.skew.clone_from(&import.machine.skew);
        machine.stack_m = import.machine.stack_m;
        assert_eq!(machine, import.machine, "{name}");
        assert_eq!(
            section.rotor.region.len(),
            import.section.rotor.region.len()
        );
        for (a, b) in section
            .rotor
            .region
            .iter()
            .zip(&import.section.rotor.region)
        {
            assert!(near(&a.outline, &b.outline, 1e-9), "{name}: {}", b.name);
        }
        assert_eq!(section.assumptions, import.section.assumptions);
    }
}

/// Each outline entered by hand, to 0.01 µm as written there, has its like among the imported ones.
#[test]
fn the_drawing_is_the_one_entered_by_hand() {
    for (name, shipped) in MACHINES
        .iter()
        .zip(["prius-2004", "bmw-i3", "jaguar-i-pace"])
    {
        let by_hand: Section = get(Kind::Section, shipped).unwrap();
        let imported = machine(name).section;
        let like = |region: &&Region| {
            !imported.rotor.region.iter().any(|other| {
                other.material == region.material
                    && near(&region.outline, &other.outline, 2e-8)
                    // The I-Pace's magnets are turned by up to 0.13° against the d axis in the file.
                    && (other.magnetisation_rad.unwrap_or(0.0)
                        - region.magnetisation_rad.unwrap_or(0.0)).abs() < 2.5e-3
            })
        };
        let missing: Vec<&Region> = by_hand.rotor.region.iter().filter(like).collect();
        assert!(missing.is_empty(), "{shipped}: {missing:?}");
        assert_eq!(
            by_hand.rotor.region.len(),
            imported.rotor.region.len(),
            "{shipped}"
        );
        for (a, b) in [
            (
                by_hand.rotor.outer_diameter_m,
                imported.rotor.outer_diameter_m,
            ),
            (
                by_hand.rotor.inner_diameter_m,
                imported.rotor.inner_diameter_m,
            ),
            (
                by_hand.stator.outer_diameter_m,
                imported.stator.outer_diameter_m,
            ),
            (
                by_hand.stator.bore_diameter_m,
                imported.stator.bore_diameter_m,
            ),
        ] {
            assert!((a - b).abs() < 1e-12, "{shipped}: {a} {b}");
        }
    }
}

#[test]
fn slots_and_windings_are_those_entered_by_hand() {
    for (name, shipped) in MACHINES
        .iter()
        .zip(["prius-2004", "bmw-i3-reference", "jaguar-i-pace"])
    {
        let by_hand: Section = get(Kind::Section, shipped).unwrap();
        let of_machine: Machine = get(Kind::Machine, shipped).unwrap();
        let import = machine(name);
        match (&by_hand.stator.slot, &import.section.stator.slot) {
            (SlotShape::Trapezoid(a), SlotShape::Trapezoid(b)) => {
                for (a, b) in [
                    (a.opening_width_m, b.opening_width_m),
                    (a.opening_height_m, b.opening_height_m),
                    (a.wedge_height_m, b.wedge_height_m),
                    (a.top_width_m, b.top_width_m),
                    (a.bottom_width_m, b.bottom_width_m),
                    (a.depth_m, b.depth_m),
                    (a.bottom_radius_m, b.bottom_radius_m),
                ] {
                    assert!((a - b).abs() < 1e-12, "{shipped}: {a} {b}");
                }
            }
            // By hand the I-Pace's slot has a flat bottom and H2 as its depth.
            (SlotShape::Trapezoid(a), SlotShape::Outline(b)) => {
                let deepest = b.winding.iter().map(|c| c.at_m[0]).fold(0.0, f64::max);
                let top = b.winding.iter().map(|c| c.at_m[0]).fold(1.0, f64::min);
                assert!((deepest - top - a.depth_m).abs() < 0.003e-3);
            }
            other => panic!("{shipped}: {other:?}"),
        }
        assert_eq!(import.section.winding.layers, by_hand.winding.layers);
        assert_eq!(
            import.section.winding.coil_pitch,
            by_hand.winding.coil_pitch
        );
        assert_eq!(import.section.winding.conductor, by_hand.winding.conductor);
        assert_eq!(
            import.machine.conductors_per_slot,
            of_machine.conductors_per_slot
        );
        assert_eq!(import.machine.parallel_paths, of_machine.parallel_paths);
        assert_eq!(import.machine.connection, of_machine.connection);
        assert!((import.machine.stack_m - of_machine.stack_m).abs() < 1e-12);
        let skew = |m: &Machine| m.skew.as_ref().map_or((0.0, 0), |s| (s.angle_rad, s.steps));
        let (a, b) = (skew(&import.machine), skew(&of_machine));
        assert!(
            (a.0 - b.0).abs() < 1e-9 && a.1 == b.1,
            "{shipped}: {a:?} {b:?}"
        );
    }
}

/// 9 x 13 wires of 0.912 mm in a winding space of 6.5 mm x 29.3 mm and a half circle of 4 mm.
#[test]
fn copper_fill_of_the_prius_is_that_of_its_wires() {
    let copper = 117.0 * std::f64::consts::PI / 4.0 * 0.912_f64.powi(2);
    let slot = 6.5 * 29.3 + std::f64::consts::PI / 2.0 * 16.0;
    let fill = machine("Toyota_Prius").section.winding.copper_fill;
    assert!((fill - copper / slot).abs() < 1e-9, "{fill}");
}

#[test]
fn grades_are_shipped_ones_only_where_the_data_are_the_same() {
    let prius = machine("Toyota_Prius");
    assert!(prius.steel.shipped && prius.section.steel == "M400-50A");
    assert!(prius.magnet.shipped && prius.section.magnet == "prius-magnet");
    assert_eq!(read_back(&prius).2, ["prius-section.toml", "prius.toml"]);
    let pace = machine("Jaguar_I_Pace");
    assert!(pace.steel.shipped && pace.section.steel == "HF-10X");
    assert!(!pace.magnet.shipped && pace.magnet.data.name == "Magnet_N54");
    let (_, section, files) = read_back(&pace);
    assert_eq!(section.magnet, "prius-magnet.toml");
    assert_eq!(
        files,
        ["prius-magnet.toml", "prius-section.toml", "prius.toml"]
    );
    // One point of the curve moved: the same name is not the same steel.
    let text = common::changed(
        "Toyota_Prius",
        &[("/stator/mat_type/mag/BH_curve/value/5/1", 0.97.into())],
    );
    let other = common::read(&text).unwrap();
    assert!(!other.steel.shipped && other.steel.data.b_t[5] == 0.97);
    let notes: Vec<&str> = other.notes().collect();
    assert!(
        notes
            .iter()
            .any(|n| n.contains("not that of the shipped M400-50A")),
        "{notes:?}"
    );
    assert!(
        notes.iter().any(|n| n.contains("iron loss is zero")),
        "{notes:?}"
    );
}

/// Everything that was left out, assumed or replaced in the I-Pace.
#[test]
fn nothing_is_replaced_in_silence() {
    let import = machine("Jaguar_I_Pace");
    let notes: Vec<&str> = import.notes().collect();
    for part in [
        "coil pitch of 9 slots",
        "winding factor 0.707",
        "temperature is not in the file",
        "type vshape taken as linear",
        "shaft",
    ] {
        assert!(
            notes.iter().any(|n| n.contains(part)),
            "{part} in {notes:?}"
        );
    }
    let (machine, section, _) = read_back(&import);
    let written = section.assumptions.len() + machine.assumptions.len();
    assert_eq!(written, notes.len());
}
