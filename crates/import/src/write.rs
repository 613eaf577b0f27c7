//! TOML as a person would write it: lengths in mm, angles in degrees, outlines a corner a line.

use std::fmt::Write as _;

use codrive_model::machine::{Connection, Machine};
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::{
    Conductor, Corner, MagnetSides, Region, RegionMaterial, Section, SlotShape, SurfaceMagnet,
    SurfaceMagnetisation,
};

/// A machine file.
pub(crate) fn machine(machine: &Machine) -> String {
    let mut text = head(
        &machine.id,
        &machine.name,
        &machine.source,
        &machine.assumptions,
    );
    let connection = match machine.connection {
        Connection::Star => "star",
        Connection::Delta => "delta",
    };
    line(&mut text, "section", &quoted(&machine.section));
    line(&mut text, "stack", &mm(machine.stack_m));
    line(
        &mut text,
        "conductors_per_slot",
        &machine.conductors_per_slot.to_string(),
    );
    line(
        &mut text,
        "parallel_paths",
        &machine.parallel_paths.to_string(),
    );
    line(&mut text, "connection", &quoted(connection));
    if let Some(skew) = &machine.skew {
        text.push_str("\n[skew]\n");
        line(&mut text, "angle", &degrees(skew.angle_rad));
        line(&mut text, "steps", &skew.steps.to_string());
    }
    text
}

/// A section file whose rotor has free outlines or surface magnets.
pub(crate) fn section(section: &Section) -> String {
    let mut text = head(
        &section.id,
        &section.name,
        &section.source,
        &section.assumptions,
    );
    let celsius = section.magnet_temperature_k - 273.15;
    line(&mut text, "pole_pairs", &section.pole_pairs.to_string());
    line(&mut text, "slots", &section.slots.to_string());
    line(&mut text, "steel", &quoted(&section.steel));
    line(
        &mut text,
        "stacking_factor",
        &percent(section.stacking_factor),
    );
    line(&mut text, "magnet", &quoted(&section.magnet));
    line(
        &mut text,
        "magnet_temperature",
        &format!("\"{} degC\"", short(celsius, 6)),
    );
    text.push_str("\n[winding]\n");
    let conductor = match section.winding.conductor {
        Conductor::Hairpin => "hairpin",
        Conductor::Round => "round",
    };
    line(&mut text, "conductor", &quoted(conductor));
    line(&mut text, "layers", &section.winding.layers.to_string());
    line(
        &mut text,
        "coil_pitch",
        &section.winding.coil_pitch.to_string(),
    );
    line(
        &mut text,
        "copper_fill",
        &percent(section.winding.copper_fill),
    );
    text.push_str("\n[stator]\n");
    line(
        &mut text,
        "outer_diameter",
        &mm(section.stator.outer_diameter_m),
    );
    line(
        &mut text,
        "bore_diameter",
        &mm(section.stator.bore_diameter_m),
    );
    text.push('\n');
    slot(&mut text, &section.stator.slot);
    text.push_str("\n[rotor]\n");
    line(
        &mut text,
        "outer_diameter",
        &mm(section.rotor.outer_diameter_m),
    );
    line(
        &mut text,
        "inner_diameter",
        &mm(section.rotor.inner_diameter_m),
    );
    for magnet in &section.rotor.surface {
        surface(&mut text, magnet);
    }
    for part in &section.rotor.region {
        region(&mut text, part);
    }
    text
}

/// A steel file.
pub(crate) fn steel(steel: &Steel) -> String {
    let mut text = String::from("schema = 1\n");
    line(&mut text, "name", &quoted(&steel.name));
    line(&mut text, "source", &quoted(&steel.source));
    line(
        &mut text,
        "density_kg_per_m3",
        &number(steel.density_kg_per_m3),
    );
    line(&mut text, "yield_pa", &number(steel.yield_pa));
    numbers(&mut text, "b_t", &steel.b_t);
    numbers(&mut text, "h_a_per_m", &steel.h_a_per_m);
    text.push_str("\n[loss]\n");
    line(&mut text, "k_h", &number(steel.loss.k_h));
    line(&mut text, "alpha", &number(steel.loss.alpha));
    line(&mut text, "beta", &number(steel.loss.beta));
    line(&mut text, "k_e", &number(steel.loss.k_e));
    text
}

/// A magnet file.
pub(crate) fn magnet(magnet: &MagnetGrade) -> String {
    let mut text = String::from("schema = 1\n");
    line(&mut text, "name", &quoted(&magnet.name));
    line(&mut text, "source", &quoted(&magnet.source));
    for (key, value) in [
        ("remanence_20c_t", magnet.remanence_20c_t),
        ("remanence_per_k", magnet.remanence_per_k),
        ("mu_r", magnet.mu_r),
        ("conductivity_s_per_m", magnet.conductivity_s_per_m),
        ("density_kg_per_m3", magnet.density_kg_per_m3),
        ("rare_earth_fraction", magnet.rare_earth_fraction),
    ] {
        line(&mut text, key, &number(value));
    }
    text
}

fn head(id: &str, name: &str, source: &str, assumptions: &[String]) -> String {
    let mut text = String::from("schema = 1\n");
    line(&mut text, "id", &quoted(id));
    line(&mut text, "name", &quoted(name));
    line(&mut text, "source", &quoted(source));
    if !assumptions.is_empty() {
        text.push_str("assumptions = [\n");
        for assumption in assumptions {
            let _ = writeln!(text, "    {},", quoted(assumption));
        }
        text.push_str("]\n");
    }
    text
}

fn slot(text: &mut String, shape: &SlotShape) {
    match shape {
        SlotShape::Trapezoid(t) => {
            text.push_str("[stator.slot.trapezoid]\n");
            line(text, "opening_width", &mm(t.opening_width_m));
            line(text, "opening_height", &mm(t.opening_height_m));
            line(text, "wedge_height", &mm(t.wedge_height_m));
            line(text, "top_width", &mm(t.top_width_m));
            line(text, "bottom_width", &mm(t.bottom_width_m));
            line(text, "depth", &mm(t.depth_m));
            line(text, "bottom_radius", &mm(t.bottom_radius_m));
        }
        SlotShape::Hairpin(h) => {
            text.push_str("[stator.slot.hairpin]\n");
            line(text, "opening_width", &mm(h.opening_width_m));
            line(text, "opening_height", &mm(h.opening_height_m));
            line(text, "wedge_height", &mm(h.wedge_height_m));
            line(text, "width", &mm(h.width_m));
            line(text, "depth", &mm(h.depth_m));
        }
        SlotShape::Outline(o) => {
            text.push_str("[stator.slot.outline]\n");
            corners(text, "opening", &o.opening);
            corners(text, "winding", &o.winding);
        }
    }
}

fn surface(text: &mut String, magnet: &SurfaceMagnet) {
    text.push_str("\n[[rotor.surface]]\n");
    line(text, "magnet_thickness", &mm(magnet.magnet_thickness_m));
    line(text, "pole_arc", &percent(magnet.pole_arc));
    let magnetisation = match magnet.magnetisation {
        SurfaceMagnetisation::Parallel => "parallel",
        SurfaceMagnetisation::Radial => "radial",
    };
    line(text, "magnetisation", &quoted(magnetisation));
    let sides = match magnet.sides {
        MagnetSides::Radial => "radial",
        MagnetSides::Parallel => "parallel",
    };
    line(text, "sides", &quoted(sides));
    line(text, "segments", &magnet.segments.to_string());
    line(text, "inset", &mm(magnet.inset_m));
}

fn region(text: &mut String, region: &Region) {
    text.push_str("\n[[rotor.region]]\n");
    line(text, "name", &quoted(&region.name));
    let material = match region.material {
        RegionMaterial::Air => "air",
        RegionMaterial::Magnet => "magnet",
    };
    line(text, "material", &quoted(material));
    if let Some(angle) = region.magnetisation_rad {
        line(text, "magnetisation", &degrees(angle));
    }
    corners(text, "outline", &region.outline);
}

fn corners(text: &mut String, key: &str, corners: &[Corner]) {
    let _ = writeln!(text, "{key} = [");
    for corner in corners {
        let [x, y] = corner.at_m.map(|m| short(1e3 * m, 6));
        let _ = match corner.radius_m {
            Some(r) => writeln!(text, "    [{x}, {y}, {}],", short(1e3 * r, 6)),
            None => writeln!(text, "    [{x}, {y}],"),
        };
    }
    text.push_str("]\n");
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}");
}

fn numbers(text: &mut String, key: &str, values: &[f64]) {
    let _ = writeln!(text, "{key} = [");
    for row in values.chunks(10) {
        let row: Vec<String> = row.iter().map(|v| number(*v)).collect();
        let _ = writeln!(text, "    {},", row.join(", "));
    }
    text.push_str("]\n");
}

/// A length in mm, to the nanometre.
fn mm(metres: f64) -> String {
    format!("\"{} mm\"", short(1e3 * metres, 6))
}

fn degrees(radians: f64) -> String {
    format!("\"{} deg\"", short(radians.to_degrees(), 9))
}

fn percent(fraction: f64) -> String {
    format!("\"{} %\"", short(100.0 * fraction, 4))
}

/// A number with as many decimals as it needs, up to `decimals`.
fn short(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "-0" | "" => "0".to_owned(),
        text => text.to_owned(),
    }
}

/// A number that reads back to the same bits; TOML wants a point or an exponent in a float.
fn number(value: f64) -> String {
    format!("{value:?}")
}

/// A TOML string of one line; control characters, which TOML does not allow, become spaces.
fn quoted(text: &str) -> String {
    let mut result = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => result.extend(['\\', c]),
            c if c.is_control() => result.push(' '),
            c => result.push(c),
        }
    }
    result.push('"');
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_so_that_toml_reads_them_back() {
        for (text, back) in [
            ("plain", "plain"),
            ("C:\\Users \"x\"", "C:\\Users \"x\""),
            ("two\nlines\tand\u{7}a bell", "two lines and a bell"),
            ("« é »", "« é »"),
        ] {
            assert_eq!(
                quoted(text).replace("\\\\", "\\").replace("\\\"", "\""),
                format!("\"{back}\"")
            );
        }
    }

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        assert_eq!(mm(0.161_9), "\"161.9 mm\"");
        assert_eq!(mm(-1e-13), "\"0 mm\"");
        assert_eq!(degrees(std::f64::consts::FRAC_PI_6), "\"30 deg\"");
        assert_eq!(short(120.0, 6), "120");
        assert_eq!(number(170_000.0), "170000.0");
    }
}
