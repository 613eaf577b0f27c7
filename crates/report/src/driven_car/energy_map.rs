//! The efficiency map of an axle's unit with the energy of a cycle on it.

use codrive_model::driven_car::DrivenAxle;
use codrive_model::summary::EnergyDensity;

use crate::chart::{Area, Axes};
use crate::contours;
use crate::efficiency_map::{chart_of, draw_energy, draw_envelopes, levels, read_out};
use crate::map_field::{MapField, Stage};
use crate::picture::Picture;
use crate::svg::Svg;

pub(super) const CAPTION: &str = "Efficiency of the unit on its axle; the area of a tile is the mechanical energy that \
     the cycle moves through its cell, the largest fills its cell. Solid: peak envelope; dashed: continuous.";

const AREA: Area = Area {
    left: 60.0,
    top: 44.0,
    width: 840.0,
    height: 440.0,
};

/// The map; `None` if its tables do not fit each other.
pub(super) fn picture(axle: &DrivenAxle, density: &EnergyDensity, cycle: &str) -> Option<Picture> {
    let field = MapField::efficiency(&axle.map, Stage::Unit)?;
    let chart = chart_of(&axle.map, AREA);
    let mut svg = Svg::default();
    let axes = Axes {
        x_title: "Axle speed, rpm",
        y_title: "Axle torque, Nm",
        ticks: (9, 9),
    };
    chart.draw_axes(&mut svg, axes);
    let levels = levels(Stage::Unit);
    contours::draw(&mut svg, &chart, &field, &levels);
    draw_energy(&mut svg, &chart, density);
    contours::draw_labels(&mut svg, &chart, &field, &levels);
    draw_envelopes(&mut svg, &chart, &axle.map);
    contours::draw_legend(&mut svg, &levels, (940.0, 80.0), 23.0);
    let title = format!("{} axle in {cycle}", axle.axle);
    svg.text((AREA.left - 34.0, 12.0), r#"class="title""#, &title);
    let label = format!("Efficiency of the {title}, with its energy");
    let picture = Picture::new(svg, (1040.0, 528.0), label);
    Some(picture.with_attributes(read_out(&chart, &axle.map)))
}
