//! Results as pictures and pages; nothing is computed here.
//!
//! [`render`] turns [`ReportData`] into one self-contained HTML file: no request to anywhere,
//! readable without JavaScript, printable, light and dark. [`readme_picture`] draws the one picture
//! of the README as a standalone SVG. Both give the same bytes for the same data.
//!
//! From the outside in: `page` is the HTML around the pictures; `answer`, `envelopes`, `overlap`,
//! `section_picture` with `stress_picture`, `units`, `family_matrix`, `plants`, `money`, `tradeoffs`, `doubt`, `plan`, `targets`, `vehicles` and `honesty` are its parts, in
//! the order of the page; `unit_map` is the page of a single unit, `driven_car` that of a single car. `chart`, `scale`, `contours`, `colour`, `number`, `picture` and
//! `svg` are what they draw with.
//!
//! The clean team and a partner get the same parts from different data: what is not in the data is
//! not on the page. Requirements are lower bounds, so no part combines them into a common limit.

mod answer;
mod chart;
mod colour;
mod context;
mod contours;
mod doubt;
mod driven_car;
mod efficiency_map;
mod envelopes;
mod family_matrix;
mod honesty;
mod loss_split;
mod map_field;
mod mesh_outline;
mod money;
mod number;
mod overlap;
mod page;
mod picture;
mod plan;
mod plants;
mod quantity;
mod readme_picture;
mod requirement_table;
mod scale;
mod section_drawing;
mod section_picture;
mod split_checks;
mod stress_picture;
mod svg;
mod targets;
mod tradeoffs;
mod unit_envelope;
mod unit_map;
mod unit_panels;
mod units;
mod vehicles;
mod waterfall;
mod wishes;

use codrive_model::drawing::SectionDrawing;
use codrive_model::driven_car::DrivenCar;
use codrive_model::flux_map::SectionResult;
use codrive_model::summary::ReportData;
use codrive_model::unit_map::UnitMap;

use crate::context::Context;

/// Returns the whole report as one HTML document.
#[must_use]
pub fn render(data: &ReportData) -> String {
    let context = Context::new(data);
    let parts = [
        envelopes::section(&context),
        overlap::section(&context),
        section_picture::section(&context),
        units::section(&context),
        family_matrix::section(&context),
        plants::section(&context),
        money::section(&context),
        tradeoffs::section(&context),
        doubt::section(&context),
        plan::section(&context),
        targets::section(&context),
        vehicles::section(&context),
        Some(honesty::section(&context)),
    ];
    let sections: Vec<_> = parts.into_iter().flatten().collect();
    page::document(&answer::masthead(&context), &sections)
}

/// Returns the picture of the README: requirements, units over them, cost alone against together.
///
/// A standalone SVG with its own style, light and dark. Only for data whose figures are public.
#[must_use]
pub fn readme_picture(data: &ReportData) -> String {
    readme_picture::draw(data)
}

/// Returns the drawing of a section: the whole cross-section, and one pole with its dimensions.
///
/// A standalone SVG with its own style, on white for print.
#[must_use]
pub fn section_drawing(drawing: &SectionDrawing) -> String {
    section_drawing::draw(drawing)
}

/// Returns the pictures of a unit on its own, each a standalone SVG on white, and last the page
/// `unit.html` that shows them; every text with its file name.
#[must_use]
pub fn unit_pictures(map: &UnitMap, section: &SectionResult) -> Vec<(String, String)> {
    unit_map::files(map, section)
}

/// Returns the pictures of a car on its own, each a standalone SVG on white, and last the page
/// `vehicle.html` that shows them; every text with its file name.
#[must_use]
pub fn car_pictures(car: &DrivenCar) -> Vec<(String, String)> {
    driven_car::files(car)
}
