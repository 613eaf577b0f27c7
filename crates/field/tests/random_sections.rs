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

/// A polygon about a point, with straight sides and arcs, in mm; its corners may come in any order.
fn outline(random: &mut Random, centre: [f64; 2], reach: f64) -> String {
    let n = 3 + random.case(4);
    let mut angles: Vec<f64> = (0..n)
        .map(|_| random.within(0.0, std::f64::consts::TAU))
        .collect();
    if random.case(3) > 0 {
        angles.sort_by(f64::total_cmp);
    }
    let corners: Vec<String> = angles
        .iter()
        .map(|angle| {
            let r = random.within(0.1, 1.0) * reach;
            let (x, y) = (centre[0] + r * angle.cos(), centre[1] + r * angle.sin());
            if random.case(5) == 0 {
                format!("[{x:.3}, {y:.3}, {:.3}]", random.within(-30.0, 30.0))
            } else {
                format!("[{x:.3}, {y:.3}]")
            }
        })
        .collect();
    corners.join(", ")
}

/// Whatever free outlines are accepted can be meshed; all others are refused at a key.
#[test]
fn a_thousand_free_outlines_are_meshed_or_refused() {
    let text = include_str!("sections/spoke.toml");
    let (head, _) = text.split_once("[[rotor.spoke]]").unwrap();
    let accepted = std::sync::atomic::AtomicUsize::new(0);
    let failed = failures(|seed| {
        let mut random = Random::new(seed);
        let mut text = head.to_owned();
        for (k, material) in ["magnet\"\nmagnetisation = \"0 deg", "air"]
            .iter()
            .enumerate()
        {
            let centre = [random.within(50.0, 63.0), random.within(-15.0, 15.0)];
            let reach = random.within(2.0, 12.0);
            let corners = outline(&mut random, centre, reach);
            text += &format!(
                "[[rotor.region]]\nname = \"{k}\"\nmaterial = \"{material}\"\noutline = [{corners}]\n"
            );
        }
        match build(&text) {
            Ok(_) => {
                accepted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                None
            }
            Err(error) if error.span.is_none() => Some(format!("seed {seed}: {error}\n{text}")),
            Err(_) => None,
        }
    });
    assert!(
        failed.is_empty(),
        "{} failed:\n{}",
        failed.len(),
        failed.join("\n")
    );
    assert!(
        accepted.into_inner() > 100,
        "too few are sound to prove anything"
    );
}
