//! Sections are drawn as they are written, and refused where they cannot be built.
#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::geometry::outline::{distance, signed_area};
use codrive_field::geometry::rotor;
use codrive_field::geometry::slot;
use codrive_field::mesh::{Fill, Fineness, PoleMesh};
use codrive_field::point::solve_point;
use codrive_model::input::Source;
use codrive_model::machine::Machine;
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

fn test_section(id: &str) -> Section {
    let path = format!("crates/field/tests/sections/{id}.toml");
    Section::read(&common::source(&path)).unwrap()
}

fn machine(section: &Section) -> Machine {
    let text = format!(
        "schema = 1\nid = \"m\"\nname = \"m\"\nsource = \"test\"\nsection = \"{}\"\n\
         stack = \"100 mm\"\nconductors_per_slot = 8\nparallel_paths = 1\n",
        section.id
    );
    Machine::read(&Source::shipped("machine.toml", &text)).unwrap()
}

/// Magnets of every template push their flux out along the d axis, and current in q turns the rotor.
#[test]
fn magnets_excite_the_d_axis() {
    for id in ["spoke", "surface", "inset"] {
        let section = test_section(id);
        let (steel, magnet) = (common::steel(&section), common::magnet(&section));
        let machine = machine(&section);
        let at =
            |currents| solve_point(&section, &machine, &steel, &magnet, currents, 0.0).unwrap();
        let idle = at([0.0, 0.0]);
        assert!(idle.psi_d_vs > 0.0, "{id}: {idle:?}");
        assert!(idle.psi_q_vs.abs() < 0.02 * idle.psi_d_vs, "{id}: {idle:?}");
        let loaded = at([0.0, 60.0]);
        assert!(loaded.torque_arkkio_nm > 0.0, "{id}: {loaded:?}");
    }
}

/// A spoke magnet lies half in each pole: whole magnets are counted, and steel is what is left.
#[test]
fn half_magnets_count_as_halves() {
    let section = test_section("spoke");
    let regions = rotor::draw(&section).unwrap();
    let magnets: f64 = regions
        .iter()
        .filter(|r| r.magnetisation_rad.is_some())
        .map(|r| r.share_of_magnet)
        .sum();
    assert_eq!(magnets, 1.0);
    let area: f64 = regions
        .iter()
        .filter(|r| r.magnetisation_rad.is_some())
        .map(|r| signed_area(&r.outline))
        .sum();
    assert!((area / (30e-3 * 12e-3) - 1.0).abs() < 1e-9);
}

/// The triangles of each material cover what the outlines enclose, up to the chords of the mesh.
#[test]
fn surface_magnets_are_meshed_to_the_gap() {
    for id in ["surface", "inset"] {
        let section = test_section(id);
        let mesh = PoleMesh::new(&section, Fineness::second_order(6)).unwrap();
        let covered = |wanted: &dyn Fn(Fill) -> bool| -> f64 {
            let part = &mesh.rotor;
            let triangles = part.triangles.iter().zip(&part.fill);
            triangles
                .filter(|(_, fill)| wanted(**fill))
                .map(|(t, _)| signed_area(&t.map(|n| part.nodes[n as usize])))
                .sum()
        };
        let drawn = |magnet: bool| -> f64 {
            let regions = rotor::draw(&section).unwrap();
            let of_kind = regions
                .iter()
                .filter(|r| r.magnetisation_rad.is_some() == magnet);
            of_kind.map(|r| signed_area(&r.outline)).sum()
        };
        let magnets = covered(&|fill| matches!(fill, Fill::Magnet(_)));
        assert!((magnets / drawn(true) - 1.0).abs() < 2e-3, "{id}");
        let air = covered(&|fill| fill == Fill::Air);
        assert!((air / drawn(false) - 1.0).abs() < 2e-3, "{id}");
    }
}

/// A magnet on the surface as free outlines is the same as the template.
#[test]
fn surface_magnets_may_be_free_outlines() {
    let text = common::source("crates/field/tests/sections/surface.toml").text;
    let (head, _) = text.split_once("[[rotor.surface]]").unwrap();
    let section = test_section("surface");
    let regions: String = rotor::draw(&section)
        .unwrap()
        .iter()
        .map(|r| {
            let corners: Vec<String> = r
                .outline
                .iter()
                .map(|p| format!("[{:.9}, {:.9}]", 1e3 * p[0], 1e3 * p[1]))
                .collect();
            let material = if r.magnetisation_rad.is_some() {
                "material = \"magnet\"\nmagnetisation = \"0 deg\""
            } else {
                "material = \"air\""
            };
            format!(
                "[[rotor.region]]\nname = \"{}\"\n{material}\noutline = [{}]\n",
                r.name,
                corners.join(", ")
            )
        })
        .collect();
    let free = Section::read(&Source::shipped("x.toml", &format!("{head}{regions}"))).unwrap();
    assert_eq!(free.topology(), "free outline");
    let fineness = Fineness::second_order(6);
    let (a, b) = (
        PoleMesh::new(&section, fineness).unwrap(),
        PoleMesh::new(&free, fineness).unwrap(),
    );
    assert_eq!(a.triangles(), b.triangles());
}
