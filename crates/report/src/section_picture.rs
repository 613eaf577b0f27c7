//! Lamination drawings with the flux density on the mesh.

use codrive_model::flux_map::{FieldPicture, Patch, SectionFacts, SectionResult};

use crate::colour::FLUX;
use crate::context::Context;
use crate::mesh_outline::{class_outlines, level_lines};
use crate::number::{self, rpm};
use crate::page::{self, Section};
use crate::stress_picture;
use crate::svg::{PathData, Svg, escape};

/// Width of a class of flux density, T.
const CLASS_T: f64 = 0.1;

/// Classes; the last holds everything above.
const CLASSES: usize = 22;

/// Field lines over the range of the vector potential.
const FIELD_LINES: usize = 22;

/// Every chosen section: whole lamination, and the field at peak torque.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let sections = &context.data.sections;
    if sections.is_empty() {
        return None;
    }
    let mut body = page::paragraph(
        "A section is the cross-section of rotor and stator: what tooling is made for, and what one \
         flux map describes for every stack length and winding.",
    );
    for (index, result) in sections.iter().enumerate() {
        let facts = &result.facts;
        body += &format!(
            "<h3>{}</h3>",
            escape(&format!("{} ({})", facts.name, facts.id))
        );
        body += &facts_list(facts);
        body += &page::figure(&picture(index, result), &caption(result));
        body += &stress_picture::figure(context, result);
    }
    let title = "The sections".to_owned();
    Some(Section {
        id: "sections",
        title,
        body,
    })
}

fn facts_list(facts: &SectionFacts) -> String {
    let mm = |m: f64, decimals| number::with_unit(m * 1e3, decimals, "mm");
    let rows = [
        ("Topology", facts.topology.clone()),
        (
            "Slots / poles",
            format!("{} / {}", facts.slots, 2 * facts.pole_pairs),
        ),
        ("Outer diameter", mm(2.0 * facts.stator_outer_radius_m, 1)),
        ("Bore", mm(2.0 * facts.stator_bore_radius_m, 1)),
        (
            "Air gap",
            mm(facts.stator_bore_radius_m - facts.rotor_outer_radius_m, 2),
        ),
        ("Magnets", format!("{} × {}", facts.magnets, facts.magnet)),
        ("Steel", facts.steel.clone()),
        (
            "Bridges hold to",
            format!(
                "{}{}rpm",
                number::fixed(rpm(facts.burst_speed_limit_rad_per_s), 0),
                number::THIN
            ),
        ),
    ];
    let cells: String = rows
        .iter()
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{}</dd></div>", escape(value)))
        .collect();
    format!("<dl class=\"facts\">{cells}</dl>")
}

fn caption(result: &SectionResult) -> String {
    let picture = &result.picture;
    format!(
        "Left: the lamination, stator steel, winding, magnets and rotor steel. Right: |B| and field \
         lines of one periodic sector at the highest torque within the largest current of the \
         map: i_d {} A, i_q {} A (ampere-conductors per slot, peak); equal flux between lines; \
         arrows along the magnetisation; \
         {} of the mesh as solved; magnets at {}. The mesh is that of the map, not refined for the picture.",
        number::fixed(picture.i_d_a, 0),
        number::fixed(picture.i_q_a, 0),
        number::plural(picture.triangles.len(), "triangle"),
        number::with_unit(result.facts.magnet_temperature_k - 273.15, 0, "°C"),
    )
}

fn picture(index: usize, result: &SectionResult) -> String {
    let mut svg = Svg::default();
    draw_lamination(&mut svg, index, result);
    draw_field(&mut svg, result);
    draw_scale_bar(&mut svg);
    let label = format!("Lamination and flux density of section {}", result.facts.id);
    svg.finish((1040.0, 470.0), &label, "")
}

fn draw_lamination(svg: &mut Svg, index: usize, result: &SectionResult) {
    const CENTRE: (f64, f64) = (232.0, 232.0);
    const RADIUS: f64 = 222.0;
    let facts = &result.facts;
    let scale = RADIUS / facts.stator_outer_radius_m.max(1e-6);
    let id = format!("sector-{index}");
    svg.open(&format!(
        r#"transform="translate({} {})""#,
        CENTRE.0, CENTRE.1
    ));
    svg.open(&format!(r#"id="{id}""#));
    for patch in &result.drawing {
        let ring = patch
            .corners_m
            .iter()
            .map(|p| (p[0] * scale, -p[1] * scale));
        draw_patch(svg, patch, ring, "cut");
    }
    svg.close();
    let sectors = sectors_per_turn(&result.drawing, facts.slots);
    for k in 1..sectors {
        let angle = -360.0 * f64::from(k) / f64::from(sectors);
        svg.markup(&format!(
            r##"<use href="#{id}" transform="rotate({angle:.4})"/>"##
        ));
    }
    let rims = [
        facts.stator_outer_radius_m,
        facts.stator_bore_radius_m,
        facts.rotor_outer_radius_m,
        facts.rotor_inner_radius_m,
    ];
    for radius in rims {
        svg.circle((0.0, 0.0), radius * scale, r#"class="rim""#);
    }
    svg.close();
}

fn draw_patch(svg: &mut Svg, patch: &Patch, ring: impl Iterator<Item = (f64, f64)>, class: &str) {
    let mut path = PathData::default();
    path.push_ring(ring);
    svg.path(
        &path,
        &format!(r#"class="{class} {}""#, escape(&patch.material)),
    );
}

/// How often the drawn sector fits into a turn, from the slots that it shows.
fn sectors_per_turn(drawing: &[Patch], slots: u32) -> u32 {
    let shown = drawing.iter().filter(|p| p.material == "slot").count();
    let shown = u32::try_from(shown).unwrap_or(u32::MAX).max(1);
    (slots / shown).max(1)
}

/// Turns a sector upright and fits it into a box.
pub(crate) struct Upright {
    cos: f64,
    sin: f64,
    scale: f64,
    shift: (f64, f64),
}

impl Upright {
    /// Fits nodes into a box of left, top, width and height.
    pub(crate) fn new(nodes: &[[f32; 2]], frame: (f64, f64, f64, f64)) -> Self {
        let sum = nodes.iter().fold((0.0, 0.0), |s, p| {
            (s.0 + f64::from(p[0]), s.1 + f64::from(p[1]))
        });
        let length = (sum.0 * sum.0 + sum.1 * sum.1).sqrt().max(1e-12);
        // The mean direction becomes straight up: cos and sin of the turn that does it.
        let (cos, sin) = (sum.1 / length, sum.0 / length);
        let mut upright = Self {
            cos,
            sin,
            scale: 1.0,
            shift: (0.0, 0.0),
        };
        let turned: Vec<(f64, f64)> = nodes.iter().map(|p| upright.point(to_f64(*p))).collect();
        let low = turned
            .iter()
            .fold((f64::MAX, f64::MAX), |m, p| (m.0.min(p.0), m.1.min(p.1)));
        let high = turned
            .iter()
            .fold((f64::MIN, f64::MIN), |m, p| (m.0.max(p.0), m.1.max(p.1)));
        let size = ((high.0 - low.0).max(1e-9), (high.1 - low.1).max(1e-9));
        upright.scale = (frame.2 / size.0).min(frame.3 / size.1);
        let centre = (
            (low.0 + high.0) / 2.0 * upright.scale,
            (low.1 + high.1) / 2.0 * upright.scale,
        );
        upright.shift = (
            frame.0 + frame.2 / 2.0 - centre.0,
            frame.1 + frame.3 / 2.0 - centre.1,
        );
        upright
    }

    pub(crate) fn point(&self, [x, y]: [f64; 2]) -> (f64, f64) {
        let (u, v) = (x * self.cos - y * self.sin, x * self.sin + y * self.cos);
        (
            u * self.scale + self.shift.0,
            -v * self.scale + self.shift.1,
        )
    }
}

pub(crate) fn to_f64(p: [f32; 2]) -> [f64; 2] {
    [f64::from(p[0]), f64::from(p[1])]
}

fn class_of(b_t: f32) -> usize {
    let class = f64::from(b_t) / CLASS_T;
    if class.is_finite() {
        (class.max(0.0) as usize).min(CLASSES - 1)
    } else {
        0
    }
}

fn class_colour(class: usize) -> String {
    FLUX.at(class as f64 / (CLASSES - 1) as f64).hex()
}

fn class_name(class: usize) -> String {
    let low = number::fixed(class as f64 * CLASS_T, 1);
    if class + 1 == CLASSES {
        return format!("|B| {low} T and more");
    }
    format!(
        "|B| {low} to {} T",
        number::fixed((class + 1) as f64 * CLASS_T, 1)
    )
}

fn draw_field(svg: &mut Svg, result: &SectionResult) {
    let picture = &result.picture;
    let upright = Upright::new(&picture.nodes_m, (500.0, 12.0, 430.0, 446.0));
    for (class, rings) in
        class_outlines(&picture.nodes_m, &picture.triangles, &picture.b_t, class_of)
    {
        let mut path = PathData::default();
        for ring in rings {
            let corners = ring
                .iter()
                .filter_map(|node| picture.nodes_m.get(*node as usize));
            path.push_ring(corners.map(|p| upright.point(to_f64(*p))));
        }
        let colour = class_colour(class);
        let attributes =
            format!(r#"fill="{colour}" fill-rule="evenodd" stroke="{colour}" stroke-width=".5""#);
        svg.titled_path(&path, &attributes, &class_name(class));
    }
    svg.path(&field_lines(picture, &upright), r#"class="fieldline""#);
    let mut edges = PathData::default();
    for patch in &result.drawing {
        edges.push_ring(patch.corners_m.iter().map(|p| upright.point(*p)));
    }
    svg.path(&edges, r#"class="edge""#);
    for patch in &result.drawing {
        draw_magnetisation(svg, patch, &upright);
    }
}

/// An arrow through the middle of a magnet, along its magnetisation.
fn draw_magnetisation(svg: &mut Svg, patch: &Patch, upright: &Upright) {
    const HALF_PX: f64 = 8.0;
    let (Some(angle), corners) = (patch.magnetisation_rad, patch.corners_m.len()) else {
        return;
    };
    let sum = patch
        .corners_m
        .iter()
        .fold([0.0, 0.0], |s, p| [s[0] + p[0], s[1] + p[1]]);
    let middle = sum.map(|s| s / corners.max(1) as f64);
    let half = HALF_PX / upright.scale.max(1e-9);
    let at = |along: f64, across: f64| {
        let (x, y) = (half * along, half * across);
        let (sin, cos) = angle.sin_cos();
        upright.point([middle[0] + x * cos - y * sin, middle[1] + x * sin + y * cos])
    };
    let mut arrow = PathData::line([at(-1.0, 0.0), at(1.0, 0.0)]);
    arrow.push_line([at(0.3, 0.45), at(1.0, 0.0), at(0.3, -0.45)]);
    svg.path(&arrow, r#"class="arrow""#);
}

fn field_lines(picture: &FieldPicture, upright: &Upright) -> PathData {
    let values = picture
        .a_vs_per_m
        .iter()
        .map(|a| f64::from(*a))
        .filter(|a| a.is_finite());
    let low = values.clone().fold(f64::MAX, f64::min);
    let high = values.fold(f64::MIN, f64::max);
    let mut path = PathData::default();
    if high > low {
        for k in 0..FIELD_LINES {
            let level = low + (high - low) * (k as f64 + 0.5) / FIELD_LINES as f64;
            for line in level_lines(picture, level) {
                path.push_line(line.into_iter().map(|p| upright.point(p)));
            }
        }
    }
    path
}

fn draw_scale_bar(svg: &mut Svg) {
    const LEFT: f64 = 968.0;
    const BOTTOM: f64 = 420.0;
    const STEP: f64 = 16.0;
    for class in 0..CLASSES {
        let top = BOTTOM - (class + 1) as f64 * STEP;
        svg.rect(
            (LEFT, top),
            (16.0, STEP + 0.4),
            &format!(r#"fill="{}""#, class_colour(class)),
        );
    }
    for class in (0..=CLASSES).step_by(5) {
        let y = BOTTOM - class as f64 * STEP + 4.0;
        let label = number::fixed(class as f64 * CLASS_T, 1);
        svg.text((LEFT + 22.0, y), r#"class="tick""#, &label);
    }
    svg.text(
        (LEFT, BOTTOM - CLASSES as f64 * STEP - 10.0),
        r#"class="axis""#,
        "|B|, T",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_cover_every_flux_density() {
        assert_eq!(class_of(0.0), 0);
        assert_eq!(class_of(f32::NAN), 0);
        assert_eq!(class_of(99.0), CLASSES - 1);
    }

    #[test]
    fn a_third_fits_three_times() {
        let slot = Patch {
            material: "slot".to_owned(),
            magnetisation_rad: None,
            corners_m: vec![[0.05, -0.05], [0.1, -0.1], [0.1, 0.1], [0.05, 0.05]],
        };
        let third = vec![slot; 9];
        assert_eq!(sectors_per_turn(&third, 27), 3);
        assert_eq!(sectors_per_turn(&[], 0), 1);
    }

    #[test]
    fn a_sector_stands_upright_in_its_box() {
        let upright = Upright::new(
            &[[0.05, 0.0], [0.1, 0.0], [0.07, 0.07], [0.04, 0.04]],
            (500.0, 12.0, 430.0, 446.0),
        );
        let (inner, outer) = (upright.point([0.04, 0.02]), upright.point([0.08, 0.04]));
        assert!(outer.1 < inner.1, "outwards is up");
    }
}
