//! A partner's private files as trees: every key that they may carry, every number in them.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use codrive_model::input::{InputError, Source};
use codrive_model::programme::PlantFile;
use codrive_model::vehicle::VehicleFile;
use codrive_model::wish::WishFile;
use toml::{Table, Value};

use crate::programme::Programme;

/// Private files of a partner.
pub const FILES: [&str; 3] = ["vehicles.toml", "plants.toml", "wishes.toml"];
/// In every text of the partner whose data are private.
pub const WORD: &str = "kanarienvogel";
/// Keys whose values are words, not numbers; ids and axles also hold the files together.
const WORDS: [&str; 12] = [
    "id",
    "name",
    "source",
    "assumptions",
    "axle",
    "axles",
    "own",
    "without",
    "module",
    "gear-layout",
    "inverter-technology",
    "schema",
];
/// Keys whose text is for people: a canary word is put into it.
const PROSE: [&str; 3] = ["name", "source", "assumptions"];

const WISHES: &str =
    "schema = 1\n[[wish]]\nname = \"no such inverter\"\nwithout = { module = \"sic-800v-550a\" }\n";
const COASTED: &str = "coast_down = { a = \"175.8 N\", b = \"0.034 lbf/mph\", c = \"0.01668 lbf/mph2\" }\n\
    drive_drag = { constant = \"10 N\", per_speed = \"0 N/(m/s)\", source = \"assumption, see above\" }\n";
const SHAPED: &str =
    "shape = { drag_coefficient = 0.24, frontal_area = \"2.3 m2\", rolling_resistance = 0.0085 }\n";

/// Gives both partners every key that a private file may carry.
pub fn fill(programme: &Programme) {
    programme.replace("bmw/vehicles.toml", COASTED, SHAPED);
    for partner in ["bmw", "jlr"] {
        programme.write(&format!("{partner}/wishes.toml"), WISHES);
    }
}

/// A private file.
pub fn read(programme: &Programme, partner: &str, file: &str) -> Table {
    programme
        .text(&format!("{partner}/{file}"))
        .parse()
        .unwrap()
}

/// Writes a private file.
pub fn write(programme: &Programme, partner: &str, file: &str, table: &Table) {
    programme.write(
        &format!("{partner}/{file}"),
        &toml::to_string(table).unwrap(),
    );
}

/// Calls `see` with the key and the value of every leaf, in order.
pub fn leaves(key: &str, value: &mut Value, see: &mut dyn FnMut(&str, &mut Value)) {
    match value {
        Value::Table(table) => table
            .iter_mut()
            .for_each(|(key, value)| leaves(key, value, see)),
        Value::Array(list) => list.iter_mut().for_each(|item| leaves(key, item, see)),
        leaf => see(key, leaf),
    }
}

/// The number of a leaf and what follows it, such as its unit; none for words.
pub fn number(key: &str, leaf: &Value) -> Option<(f64, String)> {
    if WORDS.contains(&key) {
        return None;
    }
    match leaf {
        #[allow(clippy::cast_precision_loss)]
        Value::Integer(whole) => Some((*whole as f64, String::new())),
        Value::Float(number) => Some((*number, String::new())),
        Value::String(text) => {
            let part = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
            let end = text.find(|c| !part(c)).unwrap_or(text.len());
            Some((text[..end].parse().ok()?, text[end..].to_owned()))
        }
        _ => None,
    }
}

/// Puts another number into a leaf.
pub fn set(leaf: &mut Value, written: &str, unit: &str) {
    *leaf = match leaf {
        Value::String(_) => Value::String(format!("{written}{unit}")),
        _ => Value::Float(written.parse().unwrap()),
    };
}

/// Puts the canary word into every text that is for people.
pub fn mark(key: &str, leaf: &mut Value) {
    if let (true, Value::String(text)) = (PROSE.contains(&key), &mut *leaf) {
        *text = format!("{WORD} {text}");
    }
}

/// The numbers of a partner's files: by key how many.
pub fn numbers_by_key(programme: &Programme, partner: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for file in FILES {
        let mut table = Value::Table(read(programme, partner, file));
        leaves("", &mut table, &mut |key, leaf| {
            if number(key, leaf).is_some() {
                *found.entry(key.to_owned()).or_default() += 1;
            }
        });
    }
    found
}

/// Keys that the readers of the files would take but that stand in no table of their kind: asked of the
/// readers themselves, which name what they know when they meet a key that they do not know.
pub fn keys_left_out(programme: &Programme, partner: &str) -> Vec<String> {
    let mut known: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    for file in FILES {
        let whole = read(programme, partner, file);
        for place in tables(&Value::Table(whole.clone()), &mut Vec::new()) {
            let mut asked = Value::Table(whole.clone());
            let table = at(&mut asked, &place);
            let mut present: Vec<String> = table.keys().cloned().collect();
            table.insert("zzz".to_owned(), Value::Integer(0));
            let message = refusal(file, &toml::to_string(&asked).unwrap());
            let allowed: Vec<String> = message
                .split('`')
                .skip(3)
                .step_by(2)
                .map(str::to_owned)
                .collect();
            present.retain(|key| allowed.contains(key));
            known.entry(allowed).or_default().extend(present);
        }
    }
    assert!(known.len() > 12, "kinds of table: {}", known.len());
    let left_out = known.into_iter().flat_map(|(allowed, present)| {
        allowed
            .into_iter()
            .filter(move |key| !present.contains(key))
    });
    left_out
        .filter(|key| !WORDS.contains(&key.as_str()))
        .collect()
}

/// What the reader of a file says about it.
fn refusal(file: &str, text: &str) -> String {
    let source = Source::shipped(file, text);
    let error: Option<InputError> = match file {
        "vehicles.toml" => VehicleFile::read(&source).err(),
        "plants.toml" => source.parse::<PlantFile>().err(),
        _ => source.parse::<WishFile>().err(),
    };
    error.map_or_else(
        || panic!("an unknown key is taken in {file}"),
        |e| e.message,
    )
}

/// One step into a tree.
#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Item(usize),
}

/// Where the tables of a tree are.
fn tables(value: &Value, here: &mut Vec<Step>) -> Vec<Vec<Step>> {
    let mut found = Vec::new();
    let below: Vec<(Step, &Value)> = match value {
        Value::Table(table) => {
            found.push(here.clone());
            let named = table.iter();
            named
                .map(|(key, value)| (Step::Key(key.clone()), value))
                .collect()
        }
        Value::Array(list) => {
            let counted = list.iter().enumerate();
            counted.map(|(i, value)| (Step::Item(i), value)).collect()
        }
        _ => Vec::new(),
    };
    for (step, value) in below {
        here.push(step);
        found.extend(tables(value, here));
        here.pop();
    }
    found
}

fn at<'a>(value: &'a mut Value, place: &[Step]) -> &'a mut Table {
    let mut here = value;
    for step in place {
        here = match step {
            Step::Key(key) => &mut here[key.as_str()],
            Step::Item(i) => &mut here[*i],
        };
    }
    here.as_table_mut().unwrap()
}
