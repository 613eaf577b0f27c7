//! The picture on the first screen of the README: requirements, shared units, cost.

use std::collections::BTreeMap;

use codrive_model::summary::ReportData;

use crate::answer::compared;
use crate::chart::{Area, Axes, Chart};
use crate::context::{Context, partner_name};
use crate::envelopes::{domain, draw_requirement, draw_unit};
use crate::number;
use crate::svg::{Svg, escape};

const SIZE: (f64, f64) = (1040.0, 470.0);

const CSS: &str = include_str!("readme_picture.css");

/// One standalone SVG: what the axles require, the units over them, cost alone against together.
pub(crate) fn draw(data: &ReportData) -> String {
    let context = Context::new(data);
    let mut svg = Svg::default();
    svg.rect((0.0, 0.0), SIZE, r#"class="paper""#);
    draw_requirements(&mut svg, &context);
    draw_cost(&mut svg, &context);
    let label = escape(&format!(
        "{}: requirements, shared drive units and cost",
        data.summary.programme
    ));
    let (w, h) = SIZE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
         role=\"img\" aria-label=\"{label}\"><style>{CSS}</style>{}</svg>\n",
        svg.body()
    )
}

fn draw_requirements(svg: &mut Svg, context: &Context<'_>) {
    let (x_end, y_end) = domain(context);
    let area = Area {
        left: 64.0,
        top: 84.0,
        width: 590.0,
        height: 330.0,
    };
    let chart = Chart::new(area, (0.0, x_end), (0.0, y_end));
    svg.text(
        (24.0, 32.0),
        r#"class="big""#,
        "What the axles require, and the units that serve them",
    );
    let key =
        "Coloured: required, by partner; neutral: the units, peak (solid) and continuous (dashed)";
    svg.text((24.0, 52.0), r#"class="axis""#, key);
    let axes = Axes {
        x_title: "Axle speed, rpm",
        y_title: "Axle torque, Nm",
        ticks: (6, 6),
    };
    chart.draw_axes(svg, axes);
    for axle in &context.data.axles {
        draw_requirement(svg, &chart, context, axle, false);
    }
    for unit in &context.data.units {
        draw_unit(svg, &chart, unit);
        let torque = unit.unit.axle.torque_max_nm.first().copied().unwrap_or(0.0);
        let at = (area.left + 6.0, chart.y.px(torque) - 6.0);
        svg.text(at, r#"class="strong halo""#, &unit.name);
    }
    let x = area.left + area.width;
    for (index, id) in context.partners().iter().enumerate().rev() {
        let name = partner_name(id);
        let class = format!(r#"class="namec {}" text-anchor="end""#, context.colour(id));
        svg.text((x, area.top + 16.0 + 16.0 * index as f64), &class, &name);
    }
}

const COST_LEFT: f64 = 730.0;
const COST_BOTTOM: f64 = 414.0;

fn draw_cost(svg: &mut Svg, context: &Context<'_>) {
    let cost = &context.data.summary.cost;
    let Some((alone, together)) = compared(cost) else {
        return;
    };
    svg.text(
        (COST_LEFT, 32.0),
        r#"class="big""#,
        "Cost, alone and together",
    );
    let caption = format!("Present value {}, M€", cost.base_year);
    svg.text((COST_LEFT, 52.0), r#"class="axis""#, &caption);
    let px_per_eur = 290.0 / alone.max(together);
    let stacks = [
        (&cost.alone_eur, "alone", 0.0),
        (&cost.share_eur, "together", 124.0),
    ];
    for (parts, name, shift) in stacks {
        draw_stack(svg, context, parts, (name, COST_LEFT + shift), px_per_eur);
    }
    let change = number::signed_percent((together - alone) / alone, 1);
    let class = if together <= alone {
        r#"class="big good""#
    } else {
        r#"class="big""#
    };
    let y = COST_BOTTOM - together * px_per_eur + 4.0;
    svg.text((COST_LEFT + 232.0, y), class, &change);
}

/// One bar, the partners stacked, with its total.
fn draw_stack(
    svg: &mut Svg,
    context: &Context<'_>,
    parts: &BTreeMap<String, f64>,
    (name, x): (&str, f64),
    px_per_eur: f64,
) {
    let mut y = COST_BOTTOM;
    for (id, eur) in parts {
        let height = eur * px_per_eur;
        y -= height;
        let class = format!(r#"class="fillc {}""#, context.colour(id));
        svg.rect((x, y), (92.0, height - 1.0), &class);
        let text = format!("{} {}", partner_name(id), number::fixed(eur / 1e6, 0));
        let at = (x + 46.0, y + height / 2.0 + 4.0);
        svg.text(at, r#"class="inbar" text-anchor="middle""#, &text);
    }
    let total = number::fixed(parts.values().sum::<f64>() / 1e6, 0);
    svg.text(
        (x + 46.0, y - 8.0),
        r#"class="strong" text-anchor="middle""#,
        &total,
    );
    svg.text(
        (x + 46.0, COST_BOTTOM + 18.0),
        r#"class="axis" text-anchor="middle""#,
        name,
    );
}
