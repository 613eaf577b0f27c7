//! Random sections of every template: sound ones are drawn and meshed, broken ones refused.
#![allow(clippy::unwrap_used)]

mod designs;

use codrive_field::error::FieldError;
use codrive_field::mesh::{Fineness, PoleMesh};
use codrive_model::input::{InputError, Source};
use codrive_model::section::Section;

use designs::{Design, Random, breakage};

const DESIGNS: u64 = 1000;

/// Reads, draws and meshes; the first fault as a person would see it.
fn build(text: &str) -> Result<PoleMesh, InputError> {
    let source = Source::shipped("section.toml", text);
    let section = Section::read(&source)?;
    PoleMesh::new(&section, Fineness::second_order(2).scaled(1.4)).map_err(|error| match error {
        FieldError::Section(fault) => fault.in_file(&source),
        other => source.error(None, &other.to_string()),
    })
}

/// Runs a check over all seeds on two threads; the messages of those that fail.
fn failures(check: impl Fn(u64) -> Option<String> + Sync) -> Vec<String> {
    let check = &check;
    std::thread::scope(|scope| {
        let halves = [0, 1].map(|odd| {
            scope.spawn(move || {
                (0..DESIGNS / 2)
                    .filter_map(|k| check(2 * k + odd))
                    .collect()
            })
        });
        halves
            .into_iter()
            .flat_map(|half| -> Vec<String> { half.join().unwrap() })
            .collect()
    })
}

#[test]
fn a_thousand_sound_sections_are_drawn_and_meshed() {
    let failed = failures(|seed| {
        let text = Design::random(&mut Random::new(seed)).text();
        build(&text)
            .err()
            .map(|error| format!("seed {seed}: {error} at {:?}", error.line_column()))
    });
    assert!(
        failed.is_empty(),
        "{} failed:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

#[test]
fn a_thousand_broken_sections_are_refused_at_a_key() {
    let failed = failures(|seed| {
        let mut random = Random::new(seed);
        let design = Design::random(&mut random);
        let broken = breakage(&design, &mut random);
        let told = |what: &str| Some(format!("seed {seed}, {}: {what}", broken.what));
        match build(&broken.text) {
            Ok(_) => told("was accepted"),
            Err(error) if error.span.is_none() && !error.message.contains("key") => {
                told(&format!("names no key: {error}"))
            }
            Err(_) => None,
        }
    });
    assert!(
        failed.is_empty(),
        "{} failed:\n{}",
        failed.len(),
        failed.join("\n")
    );
}
