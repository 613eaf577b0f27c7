//! Sections are drawn as they are written, and refused where they cannot be built.
#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::geometry::outline::{distance, signed_area};
use codrive_field::geometry::slot;
use codrive_field::mesh::{Fineness, PoleMesh};
use codrive_model::input::Source;
use codrive_model::section::Section;

/// A shipped section with the text of its slot replaced.
fn i3_with_slot(slot: &str) -> Section {
    let text = common::source("data/sections/bmw-i3.toml").text;
    let (before, rest) = text.split_once("[stator.slot.trapezoid]").unwrap();
    let (_, after) = rest.split_once("[rotor]").unwrap();
    let text = format!("{before}{slot}\n[rotor]{after}");
    Section::read(&Source::shipped("section.toml", &text)).unwrap()
}

fn outline_slot(opening: &str, winding: &str) -> Section {
    i3_with_slot(&format!(
        "[stator.slot.outline]\nopening = [{opening}]\nwinding = [{winding}]"
    ))
}

const I3_OPENING: &str = "[89.994444, -1], [90.594444, -1], [91.794444, -2], [91.794444, 2], \
                          [90.594444, 1], [89.994444, 1]";
const I3_WINDING: &str = "[91.794444, -2], [113.394444, -2.5], [113.394444, 2.5], [91.794444, 2]";

#[test]
fn a_template_slot_and_the_same_slot_as_outline_are_one() {
    let template = common::section("bmw-i3");
    let outline = outline_slot(I3_OPENING, I3_WINDING);
    let (a, b) = (
        slot::draw(&template).unwrap(),
        slot::draw(&outline).unwrap(),
    );
    for (p, q) in a.opening.iter().zip(&b.opening) {
        assert!(distance(*p, *q) < 1e-9, "{p:?} {q:?}");
    }
    let area = |outline| signed_area(outline);
    assert!((area(&a.winding) / area(&b.winding) - 1.0).abs() < 1e-6);
    assert!((a.depth_m - b.depth_m).abs() < 1e-9);
    let fineness = Fineness::second_order(6);
    let (a, b) = (
        PoleMesh::new(&template, fineness).unwrap(),
        PoleMesh::new(&outline, fineness).unwrap(),
    );
    assert_eq!(a.triangles(), b.triangles());
}

/// A bell: parallel neck, round shoulders and a half circle as its bottom; and a lopsided slot.
#[test]
fn slots_of_any_shape_are_meshed() {
    let neck = "[89.9972, -0.7], [90.6, -0.7], [90.6, 0.7], [89.9972, 0.7]";
    let bell = "[90.6, -0.7], [92.2, -2.3, 1.6], [108, -2.5], [108, 2.5, 2.5], [92.2, 2.3], \
                [90.6, 0.7, 1.6]";
    let lopsided = "[90.6, -1.4], [110, -1.4], [111, 3.1], [92.5, 2.2], [90.6, 0.7]";
    for winding in [bell, lopsided] {
        let section = outline_slot(neck, winding);
        let mesh = PoleMesh::new(&section, Fineness::second_order(6)).unwrap();
        assert!(
            mesh.smallest_angle_deg() > 5.0,
            "{}",
            mesh.smallest_angle_deg()
        );
    }
}

#[test]
fn slot_outlines_that_are_no_slot_are_refused_with_their_key() {
    for (opening, winding, place, part) in [
        (
            I3_OPENING,
            "[95, -2], [113, -2], [113, 2], [95, 2]",
            "opening",
            "lead to the winding",
        ),
        (
            I3_OPENING,
            "[91, -2], [113, -2], [113, 2], [91, 2]",
            "winding",
            "overlaps",
        ),
        (
            I3_OPENING,
            "[91.794444, -2], [125, -2], [125, 2], [91.794444, 2]",
            "winding",
            "yoke",
        ),
        (
            I3_OPENING,
            "[91.794444, -2], [113, -5.5], [113, 2], [91.794444, 2]",
            "winding",
            "no tooth",
        ),
        (
            I3_OPENING,
            "[91.794444, -2], [113, 2], [113, -2], [91.794444, 2]",
            "winding",
            "crosses itself",
        ),
        (
            I3_OPENING,
            "[91.794444, -2], [113, -2]",
            "winding",
            "no area",
        ),
        (
            "[89, -1], [91.794444, -1], [91.794444, 1], [89, 1]",
            I3_WINDING,
            "opening",
            "off the bore",
        ),
        (
            "[90, -0.1], [91.794444, -1], [91.794444, 1], [89.994444, 1]",
            I3_WINDING,
            "opening",
            "slot axis",
        ),
    ] {
        let fault = slot::draw(&outline_slot(opening, winding)).unwrap_err();
        assert_eq!(
            fault.place,
            format!("stator.slot.outline.{place}"),
            "{fault}"
        );
        assert!(fault.message.contains(part), "{fault}");
        assert!(!fault.hint.is_empty());
    }
}
