//! Every family as a line over cost and all objectives.

use codrive_model::tradeoff::{Objective, TradedFamily, Tradeoffs};

use super::{Measure, family_group, range};
use crate::scale::Linear;
use crate::svg::{PathData, Svg, px};

const LEFT: f64 = 96.0;
const STEP: f64 = 212.0;
const TOP: f64 = 62.0;
const BOTTOM: f64 = 292.0;
/// Half the width of what can be dragged along.
const HOLD: f64 = 13.0;

/// What an axis shows, where it stands, and how values lie on it.
struct Axis {
    measure: Measure,
    objective: Option<Objective>,
    x: f64,
    scale: Linear,
}

impl Axis {
    fn new(tradeoffs: &Tradeoffs, objective: Option<Objective>, index: usize) -> Self {
        let measure = objective.map_or(Measure::COST, Measure::of);
        let value = |family: &TradedFamily| value(family, objective);
        let (low, high) = range(tradeoffs.families.iter().map(value));
        let high = if high > low {
            high
        } else {
            low + low.abs().max(1.0)
        };
        Self {
            measure,
            objective,
            x: LEFT + STEP * index as f64,
            scale: Linear::new(low, high, BOTTOM, TOP),
        }
    }

    fn y(&self, family: &TradedFamily) -> f64 {
        self.scale.px(value(family, self.objective))
    }
}

fn value(family: &TradedFamily, objective: Option<Objective>) -> f64 {
    objective.map_or(family.cost_eur, |objective| family.value(objective))
}

/// Five axes and all families, the cheapest on top.
pub(super) fn picture(tradeoffs: &Tradeoffs) -> String {
    let measures = std::iter::once(None).chain(Objective::ALL.map(Some));
    let axes: Vec<Axis> = measures
        .enumerate()
        .map(|(index, objective)| Axis::new(tradeoffs, objective, index))
        .collect();
    let mut svg = Svg::default();
    for axis in &axes {
        draw_axis(&mut svg, axis);
    }
    for (index, family) in tradeoffs.families.iter().enumerate().rev() {
        draw_family(&mut svg, tradeoffs, index, family, &axes);
    }
    for axis in &axes {
        draw_labels(&mut svg, axis);
        draw_hold(&mut svg, axis);
    }
    let size = (1040.0, BOTTOM + 26.0);
    svg.finish(
        size,
        "Every family over cost and all objectives",
        "data-brushed",
    )
}

fn draw_axis(svg: &mut Svg, axis: &Axis) {
    svg.line((axis.x, TOP), (axis.x, BOTTOM), r#"class="zero""#);
    let title = r#"class="strong" text-anchor="middle""#;
    svg.text((axis.x, TOP - 32.0), title, &axis.measure.title());
}

fn draw_labels(svg: &mut Svg, axis: &Axis) {
    let ends = [
        (axis.scale.high(), TOP - 10.0),
        (axis.scale.low(), BOTTOM + 19.0),
    ];
    for (value, y) in ends {
        let text = axis.measure.text(value);
        svg.text(
            (axis.x, y),
            r#"class="tick halo" text-anchor="middle""#,
            &text,
        );
    }
}

fn draw_family(
    svg: &mut Svg,
    tradeoffs: &Tradeoffs,
    index: usize,
    family: &TradedFamily,
    axes: &[Axis],
) {
    let points: Vec<(f64, f64)> = axes.iter().map(|axis| (axis.x, axis.y(family))).collect();
    let at: Vec<String> = points.iter().map(|(_, y)| px(*y)).collect();
    let attributes = format!("data-at=\"{}\"", at.join(" "));
    let path = PathData::line(points);
    svg.markup(&family_group(tradeoffs, index, &attributes));
    svg.path(&path, r#"class="traded""#);
    svg.path(&path, r#"class="reach""#);
    svg.close();
}

/// What the script drags an interval along, and the interval itself.
fn draw_hold(svg: &mut Svg, axis: &Axis) {
    svg.open(&format!("data-hold=\"{TOP} {BOTTOM}\""));
    let left = axis.x - HOLD;
    let reach = (left, TOP - 6.0);
    svg.rect(reach, (2.0 * HOLD, BOTTOM - TOP + 12.0), r#"class="hold""#);
    svg.rect(
        (left + 4.0, TOP),
        (2.0 * HOLD - 8.0, 0.0),
        r#"class="brush""#,
    );
    svg.close();
}
