//! Von Mises stress in a rotor's lamination at overspeed.

use codrive_model::flux_map::{SectionFacts, SectionResult, StressPicture};

use crate::colour::EFFICIENCY;
use crate::context::Context;
use crate::mesh_outline::class_outlines;
use crate::number::{self, rpm};
use crate::page;
use crate::picture::Picture;
use crate::section_picture::{Upright, to_f64};
use crate::svg::{PathData, Svg};

/// Classes up to the yield strength; one more holds what is above.
const CLASSES: usize = 10;
/// Overspeed over highest speed.
const OVERSPEED: f64 = 1.2;
/// Colour of what is above the yield strength.
const BEYOND: &str = "#c4161c";
const FRAME: (f64, f64, f64, f64) = (12.0, 12.0, 540.0, 336.0);

/// The stress at 1.2 times the highest speed of the units with this section; at 1.2 times the speed
/// that the rotor holds where there is none.
pub(crate) fn figure(context: &Context<'_>, result: &SectionResult) -> String {
    let facts = &result.facts;
    if result.stress.triangles.is_empty() {
        return String::new();
    }
    let used = context
        .data
        .units
        .iter()
        .map(|chosen| &chosen.unit)
        .filter(|unit| unit.configuration.machine.section == facts.id)
        .map(|unit| unit.axle.speed_limit_rad_per_s() * unit.gear_ratio)
        .fold(0.0, f64::max);
    let (speed, whose) = if used > 0.0 {
        (
            used,
            "the highest motor speed of the units with this section",
        )
    } else {
        (
            facts.burst_speed_limit_rad_per_s,
            "the speed that the rotor holds",
        )
    };
    page::figure(
        &picture(result, speed).inline(),
        &caption(facts, speed, whose),
    )
}

/// What the picture shows, and how much the rotor holds.
pub(crate) fn caption(facts: &SectionFacts, speed_rad_per_s: f64, whose: &str) -> String {
    let megapascal = |pa: f64| number::with_unit(pa * 1e-6, 0, "MPa");
    format!(
        "Von Mises stress in the rotor lamination at {} rpm, 1.2 times {whose}. 99.9 % of the \
         lamination stay below {}; {} yields at {}. The rotor holds {} rpm, where that stress at 1.2 \
         times the speed is yield over 1.1. Corners are drawn sharp, so that the stress in single \
         triangles there depends on the mesh.",
        number::fixed(rpm(OVERSPEED * speed_rad_per_s), 0),
        megapascal(facts.rotor_stress_pa_s2 * (OVERSPEED * speed_rad_per_s).powi(2)),
        facts.steel,
        megapascal(facts.rotor_yield_pa),
        number::fixed(rpm(facts.burst_speed_limit_rad_per_s), 0),
    )
}

/// One pole at 1.2 times a speed.
pub(crate) fn picture(result: &SectionResult, speed_rad_per_s: f64) -> Picture {
    let facts = &result.facts;
    let mut svg = Svg::default();
    let per_yield = (OVERSPEED * speed_rad_per_s).powi(2) / facts.rotor_yield_pa.max(1.0);
    draw_stress(&mut svg, result, per_yield);
    draw_scale_bar(&mut svg, facts.rotor_yield_pa);
    let label = format!("Stress in the rotor of section {}", facts.id);
    Picture::new(svg, (660.0, 360.0), label)
}

fn draw_stress(svg: &mut Svg, result: &SectionResult, per_yield: f64) {
    let StressPicture {
        nodes_m,
        triangles,
        von_mises_pa_s2,
    } = &result.stress;
    let drawn: Vec<[f32; 2]> = triangles
        .iter()
        .flatten()
        .filter_map(|node| nodes_m.get(*node as usize).copied())
        .collect();
    let upright = Upright::new(&drawn, FRAME);
    for patch in result.drawing.iter().filter(|p| p.material == "magnet") {
        let mut path = PathData::default();
        path.push_ring(patch.corners_m.iter().map(|p| upright.point(*p)));
        svg.path(&path, r#"class="cut magnet""#);
    }
    let class_of = |stress: f32| class_of(f64::from(stress) * per_yield);
    for (class, rings) in class_outlines(nodes_m, triangles, von_mises_pa_s2, class_of) {
        let mut path = PathData::default();
        for ring in rings {
            let corners = ring
                .iter()
                .filter_map(|node| nodes_m.get(*node as usize))
                .map(|p| upright.point(to_f64(*p)));
            path.push_ring(corners);
        }
        let colour = colour(class);
        let attributes =
            format!(r#"fill="{colour}" fill-rule="evenodd" stroke="{colour}" stroke-width=".5""#);
        svg.titled_path(&path, &attributes, &class_name(class, &result.facts));
    }
}

/// Class of a stress over the yield strength; what is no number counts as none.
fn class_of(of_yield: f64) -> usize {
    if of_yield.is_finite() {
        ((of_yield.max(0.0) * CLASSES as f64) as usize).min(CLASSES)
    } else {
        0
    }
}

fn colour(class: usize) -> String {
    if class == CLASSES {
        return BEYOND.to_owned();
    }
    EFFICIENCY.at(class as f64 / (CLASSES - 1) as f64).hex()
}

fn class_name(class: usize, facts: &SectionFacts) -> String {
    let edge = |k: usize| number::fixed(facts.rotor_yield_pa * 1e-6 * k as f64 / CLASSES as f64, 0);
    if class == CLASSES {
        return format!("above the yield strength, {} MPa", edge(class));
    }
    format!("{} to {} MPa", edge(class), edge(class + 1))
}

fn draw_scale_bar(svg: &mut Svg, yield_pa: f64) {
    const LEFT: f64 = 574.0;
    const BOTTOM: f64 = 320.0;
    const STEP: f64 = 22.0;
    for class in 0..=CLASSES {
        let top = BOTTOM - (class + 1) as f64 * STEP;
        svg.rect(
            (LEFT, top),
            (16.0, STEP + 0.4),
            &format!(r#"fill="{}""#, colour(class)),
        );
    }
    for class in (0..=CLASSES).step_by(2) {
        let y = BOTTOM - class as f64 * STEP + 4.0;
        let label = number::fixed(yield_pa * 1e-6 * class as f64 / CLASSES as f64, 0);
        let label = if class == CLASSES {
            format!("{label} yield")
        } else {
            label
        };
        svg.text((LEFT + 22.0, y), r#"class="tick""#, &label);
    }
    let top = BOTTOM - (CLASSES + 1) as f64 * STEP - 10.0;
    svg.text((LEFT, top), r#"class="axis""#, "von Mises, MPa");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_end_at_the_yield_strength() {
        assert_eq!(class_of(0.0), 0);
        assert_eq!(class_of(0.999), CLASSES - 1);
        assert_eq!(class_of(1.001), CLASSES);
        assert_eq!(class_of(f64::NAN), 0);
        assert_eq!(class_of(50.0), CLASSES);
    }
}
