//! Cost alone against together, category by category.

use codrive_model::summary::{CostCategory, CostSummary};

use crate::chart::{Area, Axes, Chart};
use crate::money::is_used;
use crate::number;
use crate::scale::{round_step, round_up};
use crate::svg::Svg;

/// Where the axis starts at zero unless all steps would then be too small to see.
const SMALLEST_VISIBLE_SAVING: f64 = 0.12;

/// One bar: from, to (EUR), label, class.
struct Bar {
    from: f64,
    to: f64,
    name: String,
    value: String,
    class: &'static str,
}

/// The waterfall, and the value in EUR at which its axis starts; `None` without categories.
pub(crate) fn picture(cost: &CostSummary, area: Area, size: (f64, f64)) -> Option<(String, f64)> {
    let mut svg = Svg::default();
    let start = draw(&mut svg, cost, area)?;
    let picture = svg.finish(size, "Cost alone and together by category", "");
    Some((picture, start))
}

/// Draws into `area`; returns the value at which the axis starts, EUR.
pub(crate) fn draw(svg: &mut Svg, cost: &CostSummary, area: Area) -> Option<f64> {
    let alone: f64 = cost.categories.iter().map(|c| c.alone_eur).sum();
    let together: f64 = cost
        .categories
        .iter()
        .map(|c| c.together_eur)
        .sum::<Option<f64>>()?;
    if !(alone.is_finite() && together.is_finite() && alone > 0.0 && together > 0.0) {
        return None;
    }
    let bars = bars(&cost.categories, alone, together);
    let high = bars.iter().map(|b| b.from.max(b.to)).fold(0.0, f64::max);
    let low = bars
        .iter()
        .filter(|b| b.class != "total")
        .map(|b| b.from.min(b.to));
    let start = axis_start(
        low.fold(high, f64::min),
        high,
        (alone - together).abs() / alone,
    );
    let span = high * 1.04 - start;
    let end = start + round_up(span, 6);
    let chart = Chart::new(area, (0.0, bars.len() as f64), (start / 1e6, end / 1e6));
    let axes = Axes {
        x_title: "",
        y_title: "Present value, M€",
        ticks: (0, 6),
    };
    draw_value_axis(svg, &chart, axes);
    for (index, bar) in bars.iter().enumerate() {
        draw_bar(svg, &chart, index, bar, bars.get(index + 1).is_some());
    }
    Some(start)
}

fn axis_start(low: f64, high: f64, saving: f64) -> f64 {
    if saving >= SMALLEST_VISIBLE_SAVING {
        return 0.0;
    }
    let room = (high - low) * 0.5;
    let step = round_step((high - low) / 3.0);
    (((low - room) / step).floor() * step).max(0.0)
}

fn bars(categories: &[CostCategory], alone: f64, together: f64) -> Vec<Bar> {
    let total = |to: f64, name: &str| Bar {
        from: 0.0,
        to,
        name: name.to_owned(),
        value: number::million_eur(to),
        class: "total",
    };
    let mut out = vec![total(alone, "alone")];
    let mut at = alone;
    for category in categories.iter().filter(|category| is_used(category)) {
        let change = category.together_eur.unwrap_or(category.alone_eur) - category.alone_eur;
        out.push(Bar {
            from: at,
            to: at + change,
            name: category.category.clone(),
            value: number::signed_million_eur(change),
            class: if change <= 0.0 { "good" } else { "bad" },
        });
        at += change;
    }
    out.push(total(together, "together"));
    out
}

fn draw_value_axis(svg: &mut Svg, chart: &Chart, axes: Axes<'_>) {
    let Area {
        left, top, width, ..
    } = chart.area;
    for (value, label) in chart.y.ticks(axes.ticks.1) {
        let y = chart.y.px(value);
        svg.line((left, y), (left + width, y), r#"class="grid""#);
        svg.text(
            (left - 7.0, y + 3.8),
            r#"class="tick" text-anchor="end""#,
            &label,
        );
    }
    svg.text((left - 44.0, top - 12.0), r#"class="axis""#, axes.y_title);
}

fn draw_bar(svg: &mut Svg, chart: &Chart, index: usize, bar: &Bar, has_next: bool) {
    let floor = chart.y.low() * 1e6;
    let y = |eur: f64| chart.y.px(eur.max(floor) / 1e6);
    let (left, right) = (
        chart.x.px(index as f64 + 0.16),
        chart.x.px(index as f64 + 0.84),
    );
    let (top, bottom) = (y(bar.from.max(bar.to)), y(bar.from.min(bar.to)));
    let class = format!(r#"class="{}""#, bar.class);
    svg.rect((left, top), (right - left, (bottom - top).max(1.2)), &class);
    if bar.class == "total" && floor > 0.0 {
        let y = chart.area.top + chart.area.height - 16.0;
        svg.line(
            (left - 4.0, y + 5.0),
            (right + 4.0, y - 5.0),
            r#"class="broken""#,
        );
    }
    if has_next {
        let next = chart.x.px(index as f64 + 1.16);
        svg.line(
            (right, y(bar.to)),
            (next, y(bar.to)),
            r#"class="zero" stroke-dasharray="2 2""#,
        );
    }
    let middle = f64::midpoint(left, right);
    let value_at = (middle, top - 6.0);
    svg.text(
        value_at,
        r#"class="strong small halo" text-anchor="middle""#,
        &bar.value,
    );
    draw_name(
        svg,
        &bar.name,
        middle,
        chart.area.top + chart.area.height + 16.0,
    );
}

/// A name in as many lines as it has words, the shortest sharing a line.
fn draw_name(svg: &mut Svg, name: &str, x: f64, y: f64) {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 14 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    for (index, line) in lines.iter().enumerate() {
        let at = (x, y + index as f64 * 13.0);
        svg.text(at, r#"class="small" text-anchor="middle""#, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_lead_from_alone_to_together() {
        let category = |name: &str, alone_eur, together_eur: f64| CostCategory {
            category: name.to_owned(),
            alone_eur,
            together_eur: Some(together_eur),
        };
        let categories = [
            category("material", 5e8, 5.1e8),
            category("tooling", 3e8, 2e8),
        ];
        let bars = bars(&categories, 8e8, 7.1e8);
        assert_eq!(bars.len(), 4);
        assert!(
            bars.windows(2)
                .skip(1)
                .take(1)
                .all(|w| w[0].to == w[1].from)
        );
        assert_eq!(bars[2].to, 7.1e8);
        assert_eq!((bars[1].class, bars[2].class), ("bad", "good"));
    }

    #[test]
    fn a_large_saving_keeps_the_axis_at_zero() {
        assert_eq!(axis_start(7e8, 1e9, 0.3), 0.0);
        assert!(axis_start(9.5e8, 1e9, 0.05) > 8e8);
    }
}
