//! The guide's drawings of the templates are drawn from the geometry itself.
#![allow(clippy::unwrap_used)]

mod common;
mod sheet;

use std::f64::consts::FRAC_PI_2;

use codrive_field::geometry::outline::{Point, centroid, polar, turn};
use codrive_field::geometry::{rotor, slot};
use codrive_model::input::Source;
use codrive_model::section::{Section, SlotShape};

use sheet::Sheet;

fn section(id: &str) -> Section {
    let path = format!("crates/field/tests/sections/{id}.toml");
    Section::read(&common::source(&path)).unwrap()
}

/// The spoke section with other magnets.
fn with_magnets(rotor: &str) -> Section {
    let text = common::source("crates/field/tests/sections/spoke.toml").text;
    let (head, _) = text.split_once("[rotor]").unwrap();
    let text =
        format!("{head}[rotor]\nouter_diameter = \"130 mm\"\ninner_diameter = \"44 mm\"\n{rotor}");
    Section::read(&Source::shipped("section.toml", &text)).unwrap()
}

fn sector(inner: f64, outer: f64, half: f64) -> Vec<Point> {
    let angles = || (0..=40).map(|i| half * (f64::from(i) / 20.0 - 1.0));
    let mut corners: Vec<Point> = angles().map(|a| polar(outer, a)).collect();
    corners.extend(angles().rev().map(|a| polar(inner, a)));
    corners
}

/// A sheet with the rotor pole: steel, magnets with their magnetisation, holes.
fn rotor_sheet(section: &Section, floor: f64) -> Sheet {
    let half = std::f64::consts::PI / (2.0 * f64::from(section.pole_pairs));
    let surface = section.rotor.outer_diameter_m / 2.0;
    let scale = 480.0 / (2.0 * surface * half.sin());
    let height = (surface - floor * half.cos()) * scale;
    let mut sheet = Sheet::new([820.0, height + 120.0], scale, surface, 70.0);
    sheet.area("steel", &sector(floor, surface, half));
    for region in rotor::draw(section).unwrap() {
        match region.magnetisation_rad {
            Some(angle) => {
                sheet.area("magnet", &region.outline);
                sheet.flux(centroid(&region.outline), angle, 26.0 / scale);
            }
            None => sheet.area("air", &region.outline),
        }
    }
    sheet.axis(floor * 0.97, surface + 20.0 / scale);
    sheet
}

fn v() -> String {
    let section = with_magnets(
        "[[rotor.v]]\nmagnet_width = \"14.5 mm\"\nmagnet_thickness = \"5 mm\"\nv_angle = \"125 deg\"\n\
         depth = \"17.5 mm\"\nbridge = \"1.6 mm\"\nrib = \"2.4 mm\"\n",
    );
    let layer = &section.rotor.v[0];
    let surface = section.rotor.outer_diameter_m / 2.0;
    let mut sheet = rotor_sheet(&section, 43e-3);
    let half = layer.v_angle_rad / 2.0;
    let (u, n) = (polar(1.0, half), polar(1.0, half - FRAC_PI_2));
    let apex = [surface - layer.depth_m, layer.rib_m / 2.0];
    let magnet = rotor::draw(&section).unwrap()[0].outline.clone();
    let along_arm = |p: &Point| (p[0] - apex[0]) * u[0] + (p[1] - apex[1]) * u[1];
    let end = magnet.iter().map(along_arm).fold(f64::MIN, f64::max);
    let start = end - layer.magnet_width_m;
    let at = |s: f64, a: f64| [apex[0] + s * u[0] + a * n[0], apex[1] + s * u[1] + a * n[1]];
    let mirror = |p: Point| [p[0], -p[1]];
    let t = layer.magnet_thickness_m;
    sheet.between(
        at(end, 0.0),
        at(start, 0.0),
        34.0,
        "magnet_width",
        [-46.0, 14.0],
    );
    let across = start + 0.8 * layer.magnet_width_m;
    sheet.between(
        mirror(at(across, 0.0)),
        mirror(at(across, t)),
        0.0,
        "magnet_thickness",
        [92.0, 34.0],
    );
    let tip = apex[0] - apex[1] * half.cos() / half.sin();
    sheet.angle([tip, 0.0], half, 100.0, "v_angle");
    sheet.between(
        [surface, 0.0],
        [apex[0], 0.0],
        -330.0,
        "depth",
        [-32.0, 0.0],
    );
    let low = mirror(apex);
    sheet.between(apex, low, 40.0, "rib", [0.0, 16.0]);
    let bridge = 0.86 * std::f64::consts::FRAC_PI_8;
    sheet.between(
        polar(surface, bridge),
        polar(surface - layer.bridge_m, bridge),
        0.0,
        "bridge",
        [-46.0, -18.0],
    );
    sheet.finish("[[rotor.v]]: two magnets in a V")
}

fn bar() -> String {
    let section = with_magnets(
        "[[rotor.bar]]\nmagnet_width = \"26 mm\"\nmagnet_thickness = \"5 mm\"\ndepth = \"8 mm\"\n\
         bridge = \"1.6 mm\"\nbarrier_angle = \"50 deg\"\n",
    );
    let layer = &section.rotor.bar[0];
    let surface = section.rotor.outer_diameter_m / 2.0;
    let mut sheet = rotor_sheet(&section, 43e-3);
    let (face, half) = (surface - layer.depth_m, layer.magnet_width_m / 2.0);
    let back = face - layer.magnet_thickness_m;
    sheet.between(
        [back, half],
        [back, -half],
        30.0,
        "magnet_width",
        [0.0, 16.0],
    );
    let across = -0.6 * half;
    sheet.between(
        [face, across],
        [back, across],
        0.0,
        "magnet_thickness",
        [96.0, 66.0],
    );
    sheet.between([surface, 0.0], [face, 0.0], -330.0, "depth", [-32.0, 0.0]);
    let bridge = polar(surface - layer.bridge_m, 0.0);
    let low = rotor::draw(&section).unwrap()[1].outline.clone();
    let end = low
        .iter()
        .map(|p| p[1].atan2(p[0]))
        .fold(f64::MIN, f64::max);
    let near = polar(bridge[0], 0.93 * end);
    sheet.between(
        polar(surface, 0.93 * end),
        near,
        0.0,
        "bridge",
        [-46.0, -20.0],
    );
    sheet.leader(
        [(face + back) / 2.0 + 3.6e-3, -half - 6.5e-3],
        [60.0, 40.0],
        "barrier_angle",
    );
    sheet.finish("[[rotor.bar]]: a flat magnet")
}

fn spoke() -> String {
    let section = section("spoke");
    let layer = &section.rotor.spoke[0];
    let surface = section.rotor.outer_diameter_m / 2.0;
    let half_pole = std::f64::consts::FRAC_PI_8;
    let mut sheet = rotor_sheet(&section, 27e-3);
    let half = layer.magnet_thickness_m / 2.0;
    let face = surface - layer.depth_m;
    let back = face - layer.magnet_width_m;
    let at = |s: f64, a: f64| turn([s, -a], half_pole);
    let right = |s: f64, a: f64| {
        let p = at(s, a);
        [p[0], -p[1]]
    };
    sheet.between(
        at(face, half),
        at(back, half),
        -20.0,
        "magnet_width",
        [44.0, 8.0],
    );
    sheet.between(
        at(surface, 0.0),
        at(face, 0.0),
        46.0,
        "depth",
        [-30.0, -4.0],
    );
    sheet.between(
        at(back, 0.0),
        at(back - layer.inner_pocket_m, 0.0),
        40.0,
        "inner_pocket",
        [-60.0, 2.0],
    );
    let middle = (face + back) / 2.0 + 6e-3;
    sheet.between(
        right(middle, 0.0),
        right(middle, half),
        0.0,
        "magnet_thickness / 2",
        [126.0, 24.0],
    );
    let roof = surface - layer.bridge_m;
    let corner = (roof * roof - half * half).sqrt();
    let angle = (half / corner).atan();
    sheet.between(
        turn(polar(surface, -angle), -half_pole + 2.0 * angle),
        turn(polar(roof, -angle), -half_pole + 2.0 * angle),
        0.0,
        "bridge",
        [50.0, -24.0],
    );
    sheet.finish("[[rotor.spoke]]: a magnet between two poles")
}

fn surface(id: &str) -> String {
    let section = section(id);
    let magnet = &section.rotor.surface[0];
    let surface = section.rotor.outer_diameter_m / 2.0;
    let half_pole = std::f64::consts::FRAC_PI_6;
    let mut sheet = rotor_sheet(&section, 33e-3);
    let base = surface - magnet.magnet_thickness_m;
    let half_arc = magnet.pole_arc * half_pole;
    sheet.between(
        [surface, -4e-3],
        [base, -4e-3],
        0.0,
        "magnet_thickness",
        [40.0, 62.0],
    );
    let above = surface + 2.4e-3;
    sheet.arc(above, surface, half_arc, "pole_arc × pole pitch");
    sheet.leader(polar(surface - 1e-3, -half_arc * 1.1), [70.0, 10.0], "air");
    if magnet.inset_m > 0.0 {
        let beside = 1.1 * half_arc;
        sheet.between(
            polar(base + magnet.inset_m, beside),
            polar(base, beside),
            0.0,
            "inset",
            [-46.0, 18.0],
        );
        sheet.leader(
            polar(base + 1e-3, half_arc / 3.0),
            [-90.0, 100.0],
            "segments = 3",
        );
    }
    sheet.finish("[[rotor.surface]]: magnets on the surface")
}

fn slot_sheet(section: &Section) -> Sheet {
    let half = std::f64::consts::PI / f64::from(section.slots);
    let bore = section.stator.bore_diameter_m / 2.0;
    let drawn = slot::draw(section).unwrap();
    let top = bore + 21e-3;
    let mut sheet = Sheet::new([640.0, 520.0], 20e3, top, 24.0);
    sheet.area("steel", &sector(bore, top / half.cos(), half));
    sheet.area("air", &drawn.opening);
    sheet.area("winding", &drawn.winding);
    sheet.axis(bore - 1.5e-3, top);
    sheet
}

fn slot_template(section: &Section) -> String {
    let mut sheet = slot_sheet(section);
    let (slot, keys, title) = match &section.stator.slot {
        SlotShape::Trapezoid(slot) => (
            slot.clone(),
            ["top_width", "bottom_width"],
            "[stator.slot.trapezoid]",
        ),
        SlotShape::Hairpin(slot) => (slot.as_trapezoid(), ["width", ""], "[stator.slot.hairpin]"),
        SlotShape::Outline(_) => unreachable!("the templates are drawn"),
    };
    let bore = section.stator.bore_diameter_m / 2.0;
    let mouth = bore * (1.0 - (slot.opening_width_m / 2.0 / bore).powi(2)).sqrt();
    let neck = mouth + slot.opening_height_m;
    let top = neck + slot.wedge_height_m;
    let bottom = top + slot.depth_m;
    let right = |x: f64, width: f64| [x, -width / 2.0];
    let left = |x: f64, width: f64| [x, width / 2.0];
    sheet.between(
        left(mouth, slot.opening_width_m),
        right(mouth, slot.opening_width_m),
        24.0,
        "opening_width",
        [0.0, 18.0],
    );
    sheet.between(
        right(mouth, 2.2e-3),
        right(neck, 2.2e-3),
        120.0,
        "opening_height",
        [76.0, 8.0],
    );
    sheet.between(
        right(neck, 2.2e-3),
        right(top, 2.2e-3),
        120.0,
        "wedge_height",
        [70.0, -6.0],
    );
    sheet.between(
        left(bottom, slot.bottom_width_m),
        left(top, slot.bottom_width_m),
        110.0,
        "depth",
        [-34.0, 0.0],
    );
    sheet.between(
        left(top + 2e-3, slot.top_width_m),
        right(top + 2e-3, slot.top_width_m),
        0.0,
        keys[0],
        [130.0, 0.0],
    );
    if slot.bottom_radius_m > 0.0 {
        let wide = slot.bottom_width_m;
        sheet.between(
            left(bottom - slot.bottom_radius_m, wide),
            right(bottom - slot.bottom_radius_m, wide),
            0.0,
            keys[1],
            [140.0, 0.0],
        );
        let corner = [
            bottom - 0.3 * slot.bottom_radius_m,
            -wide / 2.0 + 0.3 * slot.bottom_radius_m,
        ];
        sheet.leader(corner, [70.0, -24.0], "bottom_radius");
    }
    sheet.finish(title)
}

fn slot_outline() -> String {
    let text = common::source("crates/field/tests/sections/spoke.toml").text;
    let (head, rest) = text.split_once("[stator.slot.trapezoid]").unwrap();
    let (_, tail) = rest.split_once("[rotor]").unwrap();
    let guide = common::source("docs/guide/own-lamination.md").text;
    let (_, block) = guide.split_once("[stator.slot.outline]").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let text = format!("{head}[stator.slot.outline]{block}\n[rotor]{tail}");
    let section = Section::read(&Source::shipped("section.toml", &text)).unwrap();
    let drawn = slot::draw(&section).unwrap();
    let mut sheet = slot_sheet(&section);
    sheet.leader(drawn.opening[0], [60.0, 30.0], "opening, first corner");
    sheet.leader(
        drawn.opening[drawn.opening.len() - 1],
        [-60.0, 30.0],
        "opening, last corner",
    );
    sheet.leader(centroid(&drawn.winding), [110.0, -40.0], "winding: closed");
    sheet.finish("[stator.slot.outline]")
}

#[test]
fn the_guide_shows_the_templates_as_they_are_drawn() {
    let mut hairpin = section("spoke");
    hairpin.stator.slot = SlotShape::Hairpin(codrive_model::section::HairpinSlot {
        opening_width_m: 1.4e-3,
        opening_height_m: 0.8e-3,
        wedge_height_m: 0.8e-3,
        width_m: 4.6e-3,
        depth_m: 16e-3,
    });
    let drawings = [
        ("rotor-v", v()),
        ("rotor-bar", bar()),
        ("rotor-spoke", spoke()),
        ("rotor-surface", surface("surface")),
        ("rotor-inset", surface("inset")),
        ("slot-trapezoid", slot_template(&section("spoke"))),
        ("slot-hairpin", slot_template(&hairpin)),
        ("slot-outline", slot_outline()),
    ];
    let update = std::env::var_os("CODRIVE_UPDATE_DRAWINGS").is_some();
    for (name, svg) in drawings {
        let path = common::root().join(format!("docs/guide/img/{name}.svg"));
        if update {
            std::fs::write(&path, &svg).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == svg,
            "docs/guide/img/{name}.svg is not what the geometry draws; \
             run this test with CODRIVE_UPDATE_DRAWINGS=1 and look at it"
        );
    }
}
