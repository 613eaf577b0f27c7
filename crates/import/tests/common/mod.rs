//! The machine files of the tests, whole or with one value changed.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::path::Path;

use codrive_catalogue::{Kind, get, names};
use codrive_import::{Catalogue, Import, pyleecan};
use codrive_model::input::{InputError, Source};
use serde_json::Value;

/// The three machines.
pub const MACHINES: [&str; 3] = ["Toyota_Prius", "BMW_i3", "Jaguar_I_Pace"];

/// The text of a machine file.
pub fn text(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/machines/{name}.json"));
    std::fs::read_to_string(file).unwrap()
}

/// What codrive ships.
pub fn catalogue() -> Catalogue {
    let steels = names(Kind::Steel).into_iter();
    let magnets = names(Kind::Magnet).into_iter();
    Catalogue {
        steels: steels.filter_map(|n| get(Kind::Steel, n).ok()).collect(),
        magnets: magnets.filter_map(|n| get(Kind::Magnet, n).ok()).collect(),
    }
}

/// Reads a text as the file of a machine.
pub fn read(text: &str) -> Result<Import, InputError> {
    pyleecan::read(&Source::shipped("machine.json", text), &catalogue(), None)
}

/// A machine of the tests.
pub fn machine(name: &str) -> Import {
    let source = Source::shipped(&format!("{name}.json"), &text(name));
    pyleecan::read(&source, &catalogue(), None).unwrap()
}

/// A machine's text with the values at some JSON pointers replaced; null takes a key out.
pub fn changed(name: &str, changes: &[(&str, Value)]) -> String {
    let mut value: Value = serde_json::from_str(&text(name)).unwrap();
    for (pointer, new) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).unwrap();
        match parent {
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = new.clone(),
            parent => parent[key] = new.clone(),
        }
    }
    value.to_string()
}
