//! The picture on the first screen of the README: requirements, shared units, cost.

use std::collections::BTreeMap;

use codrive_model::summary::{CostSummary, ReportData};

use crate::answer::{compared, released};
use crate::context::{Context, joint_modules, listed, partner_name};
use crate::number;
use crate::svg::{Svg, escape};
use crate::unit_panels::{self, CELL, COLUMNS, corner};

const WIDTH: f64 = 1072.0;

/// Corner of the grid of panels; the cost takes the cell after the last.
const GRID: (f64, f64) = (22.0, 68.0);

const CSS: &str = include_str!("readme_picture.css");

/// One standalone SVG: the units over what their axles require, cost alone against together.
pub(crate) fn draw(data: &ReportData) -> String {
    let context = Context::new(data);
    let cells = data.units.len() + 1;
    let grid = cells.div_ceil(COLUMNS) as f64 * CELL.1;
    let (w, h) = (WIDTH, GRID.1 + grid + 50.0);
    let mut svg = Svg::default();
    svg.rect((0.0, 0.0), (w, h), r#"class="paper""#);
    draw_head(&mut svg, &context);
    unit_panels::draw(&mut svg, &context, GRID);
    draw_cost(&mut svg, &context, corner(data.units.len(), GRID));
    for (line, text) in conditions(&context).iter().enumerate() {
        let at = (GRID.0, h - 36.0 + 17.0 * line as f64);
        svg.text(at, r#"class="axis""#, text);
    }
    let label = escape(&format!(
        "{}: requirements, shared drive units and cost",
        data.summary.programme
    ));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
         role=\"img\" aria-label=\"{label}\"><style>{CSS}</style>{}</svg>\n",
        svg.body()
    )
}

fn draw_head(svg: &mut Svg, context: &Context<'_>) {
    let names: Vec<String> = context.partners().iter().map(|p| partner_name(p)).collect();
    let family = &context.data.summary.family;
    let title = format!(
        "{} of {} on {} of drive unit, {} of {} joint",
        number::plural(context.data.axles.len(), "driven axle"),
        listed(&names),
        number::plural(context.data.units.len(), "design"),
        number::count(joint_modules(&family.assignment).len()),
        number::plural(released(&family.modules), "module"),
    );
    svg.text((GRID.0, 32.0), r#"class="big""#, &title);
    let key = "Coloured: the least envelope that meets an axle's targets, by partner. Neutral: the unit \
               that drives it, peak (solid) and continuous (dashed), at each car's DC voltage.";
    svg.text((GRID.0, 52.0), r#"class="axis""#, key);
}

/// What the picture rests on, in lines.
fn conditions(context: &Context<'_>) -> [String; 2] {
    let summary = &context.data.summary;
    let outcomes = summary.vehicles.iter().flat_map(|car| car.results.values());
    let margins: Vec<f64> = outcomes.filter_map(|outcome| outcome.margin).collect();
    let met = margins.iter().filter(|margin| **margin >= 0.0).count();
    let basis = format!(
        "From {} and {}; units at each car's DC voltage under load; production to {}; \
         public figures and stated assumptions.",
        number::plural(summary.sections_simulated, "simulated section"),
        number::plural(summary.operating_points_solved, "field solution"),
        summary.cost.last_year,
    );
    let verdict = format!(
        "More torque may make up for less power and the reverse: what decides is the car driven with \
         its units. {} of {} are met.",
        number::count(met),
        number::plural(margins.len(), "target"),
    );
    [verdict, basis]
}

const BAR_WIDTH: f64 = 84.0;

fn draw_cost(svg: &mut Svg, context: &Context<'_>, (left, top): (f64, f64)) {
    let cost = &context.data.summary.cost;
    let Some((alone, together)) = compared(cost) else {
        return;
    };
    svg.text((left + 10.0, top + 18.0), r#"class="title""#, "Cost");
    let right = r#"class="axis" text-anchor="end""#;
    let unit = format!("Present value {}, M€", cost.base_year);
    svg.text((left + 330.0, top + 18.0), right, &unit);
    let bottom = top + 222.0;
    let px_per_eur = 160.0 / alone.max(together);
    for (parts, name, shift) in stacks(cost) {
        let corner = (left + shift, bottom);
        draw_stack(svg, context, parts, (name, corner), px_per_eur);
    }
    let change = number::signed_percent((together - alone) / alone, 1);
    let class = if together <= alone { "big good" } else { "big" };
    let x = left + 44.0 + 2.0 * BAR_WIDTH + 38.0;
    let y = bottom - together * px_per_eur;
    svg.text((x, y), &format!(r#"class="{class}""#), &change);
    let amount = number::signed_million_eur(together - alone);
    svg.text((x, y + 18.0), r#"class="soft""#, &amount);
}

fn stacks(cost: &CostSummary) -> [(&BTreeMap<String, f64>, &'static str, f64); 2] {
    [
        (&cost.alone_eur, "each on its own", 44.0),
        (&cost.share_eur, "together", 44.0 + BAR_WIDTH + 22.0),
    ]
}

/// One bar, the partners stacked, with its total.
fn draw_stack(
    svg: &mut Svg,
    context: &Context<'_>,
    parts: &BTreeMap<String, f64>,
    (name, (left, bottom)): (&str, (f64, f64)),
    px_per_eur: f64,
) {
    let middle = left + BAR_WIDTH / 2.0;
    let mut y = bottom;
    for (id, eur) in parts {
        let height = eur * px_per_eur;
        y -= height;
        let class = format!(r#"class="fillc {}""#, context.colour(id));
        svg.rect((left, y), (BAR_WIDTH, height - 1.0), &class);
        let text = format!("{} {}", partner_name(id), number::fixed(eur / 1e6, 0));
        let at = (middle, y + height / 2.0 + 4.0);
        svg.text(at, r#"class="inbar" text-anchor="middle""#, &text);
    }
    let total = number::fixed(parts.values().sum::<f64>() / 1e6, 0);
    let strong = r#"class="strong" text-anchor="middle""#;
    svg.text((middle, y - 7.0), strong, &total);
    let axis = r#"class="axis" text-anchor="middle""#;
    svg.text((middle, bottom + 15.0), axis, name);
}
