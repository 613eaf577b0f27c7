//! What codrive cannot describe is refused with its class and place; nothing panics.

#![allow(clippy::unwrap_used)]

mod common;

use common::{MACHINES, changed, read, text};
use serde_json::{Value, json};

#[test]
fn refusals_name_class_and_place() {
    let rising = json!([[0.0, 0.0], [100.0, 0.5], [150.0, 0.4], [500.0, 1.0]]);
    for (pointer, value, parts) in [
        (
            "/__class__",
            json!("MachineSCIM"),
            ["the file is a MachineSCIM", "MachineIPMSM"],
        ),
        (
            "/rotor/hole/0/__class__",
            json!("HoleM52"),
            ["`rotor.hole[0]` is a HoleM52", "HoleM57"],
        ),
        (
            "/rotor/__class__",
            json!("LamSlotWind"),
            ["`rotor` is a LamSlotWind", "LamHole"],
        ),
        (
            "/rotor/hole/0/W1",
            Value::Null,
            ["`rotor.hole[0].W1` is missing", ""],
        ),
        (
            "/rotor/hole/0/W0",
            json!("wide"),
            ["`rotor.hole[0].W0` is not a number", "SI"],
        ),
        (
            "/rotor/hole/0/W0",
            json!(5.0),
            ["`rotor.hole[0]` has parameters that no V has", "W1 < W0"],
        ),
        (
            "/rotor/hole/0/W4",
            json!(0.1),
            ["magnets that end 100.000 mm", "W4"],
        ),
        (
            "/rotor/hole/0/Zh",
            json!(4),
            ["`rotor.hole[0].Zh` is 4", "one hole a pole"],
        ),
        (
            "/rotor/hole/0/magnet_0/type_magnetization",
            json!(2),
            ["Halbach", "parallel"],
        ),
        (
            "/rotor/is_internal",
            json!(false),
            ["`rotor.is_internal`", "inner rotor"],
        ),
        (
            "/rotor/bore",
            json!({"__class__": "BoreFlower"}),
            ["`rotor.bore` is a BoreFlower", "circular"],
        ),
        ("/rotor/Rext", json!(0.09), ["air gap", "bore diameter"]),
        (
            "/stator/slot/__class__",
            json!("SlotW24"),
            ["`stator.slot` is a SlotW24", "SlotW23"],
        ),
        (
            "/stator/slot/H2",
            json!(-0.03),
            ["`stator.slot.H2` is -0.03, out of range", "from 0"],
        ),
        ("/stator/slot/H2", json!(0.06), ["yoke", ""]),
        (
            "/stator/slot/Zs",
            json!(1e9),
            ["`stator.slot.Zs` is 1000000000", "500"],
        ),
        (
            "/stator/slot/Zs",
            json!(48.5),
            ["`stator.slot.Zs` is 48.5", "whole number"],
        ),
        (
            "/stator/winding/__class__",
            json!("WindingSC"),
            ["`stator.winding` is a WindingSC", "WindingCW2LT"],
        ),
        (
            "/stator/winding/qs",
            json!(6),
            ["`stator.winding.qs` is 6", "3"],
        ),
        (
            "/stator/winding/p",
            json!(6),
            [
                "48 slots with 12 poles and 3 phases have no balanced winding",
                "45 or 54",
            ],
        ),
        (
            "/stator/winding/conductor/__class__",
            json!("CondType13"),
            ["CondType13", "CondType11"],
        ),
        (
            "/stator/winding/conductor/Nwppc",
            json!(40),
            ["`stator.winding` holds", "95 %"],
        ),
        (
            "/stator/winding/Ntcoil",
            json!(0),
            ["`stator.winding.Ntcoil` is 0", "from 1"],
        ),
        (
            "/stator/mat_type/mag/BH_curve/value",
            rising,
            ["does not rise at H = 150", "rise"],
        ),
        (
            "/stator/mat_type/mag",
            Value::Null,
            ["`stator.mat_type.mag` is missing", ""],
        ),
        ("/stator/Kf1", json!(0.7), ["stacking_factor", "0.8"]),
    ] {
        let error = read(&changed("Toyota_Prius", &[(pointer, value)])).unwrap_err();
        let shown = format!("{error}\n{}", error.hint.clone().unwrap());
        for part in parts {
            assert!(
                shown.contains(part),
                "{pointer}: `{part}` is missing in\n{shown}"
            );
        }
    }
}

#[test]
fn a_rotor_without_magnets_is_refused() {
    let no_magnets = changed(
        "Toyota_Prius",
        &[
            ("/rotor/hole/0/magnet_0", Value::Null),
            ("/rotor/hole/0/magnet_1", Value::Null),
        ],
    );
    assert!(
        read(&no_magnets)
            .unwrap_err()
            .message
            .contains("`rotor` has no magnet")
    );
}

#[test]
fn what_is_not_json_is_shown_at_its_place() {
    let broken = text("Toyota_Prius").replacen("\"rotor\":", "\"rotor\"", 1);
    let error = read(&broken).unwrap_err();
    let (line, _) = error.line_column().unwrap();
    let expected = broken
        .lines()
        .position(|l| l.contains("\"rotor\""))
        .unwrap()
        + 1;
    assert_eq!(line, expected, "{error}");
    assert!(read("").unwrap_err().message.contains("not JSON"));
    assert!(read("[]").unwrap_err().message.contains("`__class__`"));
    let marked = format!("\u{feff}{}", text("Toyota_Prius"));
    assert!(read(&marked).is_ok());
    let deep = "[".repeat(100_000);
    assert!(read(&deep).is_err());
}

#[test]
fn a_file_cut_short_is_refused() {
    for name in MACHINES {
        let whole = text(name);
        let ends = (0..whole.trim_end().len()).filter(|i| whole.is_char_boundary(*i));
        for end in ends.step_by(61) {
            assert!(read(&whole[..end]).is_err(), "{name} up to {end}");
        }
    }
}

/// Reads a text; what is accepted has to be written and read back.
fn survives(text: &str) {
    if let Ok(import) = read(text) {
        for (path, text) in import.files(std::path::Path::new("m.toml")) {
            let source = codrive_model::input::Source::shipped("m.toml", &text);
            if path.ends_with("m-section.toml") {
                codrive_model::section::Section::read(&source).unwrap();
            } else if path.ends_with("m.toml") {
                codrive_model::machine::Machine::read(&source).unwrap();
            }
        }
    }
}

/// JSON pointers of every value in a file.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                pointers(inner, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (i, inner) in list.iter().enumerate().take(3) {
                pointers(inner, &format!("{at}/{i}"), found);
            }
        }
        _ => {}
    }
}

/// Each value of each file replaced by something absurd.
#[test]
fn no_absurd_value_panics() {
    let absurd = [
        json!(null),
        json!(-1),
        json!(0),
        json!(1e-12),
        json!(0.01),
        json!(1e30),
        json!("x"),
        json!("(0.07+0.01j)"),
        json!([]),
        json!({}),
        json!(true),
    ];
    for name in MACHINES {
        let whole: Value = serde_json::from_str(&text(name)).unwrap();
        let mut places = Vec::new();
        pointers(&whole, "", &mut places);
        for place in places.iter().skip(1) {
            for value in &absurd {
                let mut file = whole.clone();
                *file.pointer_mut(place).unwrap() = value.clone();
                survives(&file.to_string());
            }
        }
    }
}

/// Bytes changed, left out or doubled at places that a linear congruential generator draws.
#[test]
fn no_damaged_byte_panics() {
    let mut state = 1_u64;
    let mut draw = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for name in MACHINES {
        let whole = text(name).into_bytes();
        for _ in 0..2000 {
            let mut bytes = whole.clone();
            for _ in 0..=draw(3) {
                let at = draw(bytes.len());
                match draw(3) {
                    0 => bytes[at] = b"0123456789.-e{}[]\",:jZ"[draw(22)],
                    1 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, bytes[at]),
                }
            }
            if let Ok(text) = String::from_utf8(bytes) {
                survives(&text);
            }
        }
    }
}
