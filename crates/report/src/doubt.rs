//! How far the figures are in doubt: tornado, distribution of the saving, regret.

use codrive_model::doubt::{Doubt, InputEffect};

use crate::chart::{Area, Chart};
use crate::context::{Context, partner_name};
use crate::number;
use crate::page::{self, Section, datum};
use crate::scale::{round_step, round_up};
use crate::svg::{Svg, escape};

/// Bars of the tornado.
const BARS: usize = 14;
/// Classes of the distribution.
const CLASSES: usize = 30;

/// The section; `None` where no scenario was priced.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let study = &context.data.summary.cost.study;
    let alone_eur = context.data.summary.cost.alone_eur.values().sum();
    let (title, body) = match (&study.doubt, study.own_inputs.is_empty()) {
        (Some(doubt), _) if !doubt.savings_eur.is_empty() => (
            "What is in doubt, and what could change the decision",
            joint(doubt),
        ),
        (_, false) => (
            "What is in doubt in your cost alone",
            own(&study.own_inputs, alone_eur),
        ),
        _ => return None,
    };
    Some(Section {
        id: "doubt",
        title: title.to_owned(),
        body,
    })
}

/// Which inputs change the decision somewhere in their ranges, in words.
fn decisive(inputs: &[InputEffect]) -> String {
    let named = |of: &dyn Fn(&InputEffect) -> bool| {
        let names: Vec<String> = inputs
            .iter()
            .filter(|i| of(i))
            .map(|i| name(&i.input))
            .collect();
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    };
    format!(
        "Inputs that, on their own and within their ranges, take the whole saving away: {}. Inputs that make another \
         family better: {}.",
        named(&|input| input.at_low_eur.min(input.at_high_eur) <= 0.0),
        named(&|input| input.other_family_from.is_some())
    )
}

fn joint(doubt: &Doubt) -> String {
    let n = doubt.savings_eur.len();
    let quantile = |values: &[f64], p: f64| values[((n as f64 - 1.0) * p).round() as usize];
    let positive = doubt
        .savings_eur
        .iter()
        .filter(|saving| **saving > 0.0)
        .count();
    let million = |eur: f64| number::million_eur(eur);
    let lead = format!(
        "{} scenarios, each with every price, volume and the overhead of sharing drawn from its range \
         (triangular, most likely as stated; a Latin hypercube). Each is priced anew without new physics; \
         chosen anew are the configurations of the axles among {}, the split of a car's targets, who shares \
         what, the lines, and the plants of final assembly. Not chosen anew: other configurations, dates; a regret is therefore a lower bound.",
        number::count(n),
        number::count(doubt.configurations)
    );
    let facts = format!(
        "The chosen family saves {} to {} in nine of ten scenarios (half: {}), as stated {}; in {} of {} it \
         saves something. Another family is better by more than the proof leaves open in {}: the chosen one \
         then costs up to {} too much (nine of ten: {}). Going alone costs up to {} too much (half: {}).",
        million(quantile(&doubt.savings_eur, 0.05)),
        million(quantile(&doubt.savings_eur, 0.95)),
        million(quantile(&doubt.savings_eur, 0.5)),
        million(doubt.saving_eur),
        number::count(positive),
        number::count(n),
        number::count(doubt.other_family),
        million(doubt.regrets_eur[n - 1]),
        million(quantile(&doubt.regrets_eur, 0.9)),
        million(doubt.regrets_alone_eur[n - 1]),
        million(quantile(&doubt.regrets_alone_eur, 0.5)),
    );
    let inputs = strongest_first(&doubt.inputs, doubt.saving_eur);
    let tornado = tornado(&inputs, doubt.saving_eur, "Saving, present value, M€");
    page::paragraph(&lead)
        + &page::paragraph(&facts)
        + &page::paragraph(&decisive(&doubt.inputs))
        + &page::figure(
            &distribution(doubt),
            "What the chosen family saves against alone over all scenarios; the line is the saving as stated.",
        )
        + &page::figure(
            &tornado,
            "The saving with one input at the low (light) or high (dark) end of its range, everything else as \
             stated: the strongest inputs. Ends in percent of the stated value.",
        )
        + &page::folded(
            "Every input, and what of it could change the decision",
            &table(&inputs),
        )
}

fn own(inputs: &[InputEffect], alone_eur: f64) -> String {
    page::paragraph(
        "Your cost alone with one input at an end of its range, everything else as stated: your family alone is \
         kept, its lines are chosen anew. It follows from your own files and the price set alone; what the ranges \
         do to the joint decision is in the clean team's report.",
    ) + &page::figure(
        &tornado(
            &strongest_first(inputs, alone_eur),
            alone_eur,
            "Your cost alone, present value, M€",
        ),
        "Your cost alone with one input at the low (light) or high (dark) end of its range: the strongest inputs.",
    )
}

fn distribution(doubt: &Doubt) -> String {
    let values = &doubt.savings_eur;
    let (first, last) = (
        values[0].min(0.0),
        values[values.len() - 1].max(doubt.saving_eur),
    );
    let step = round_step((last - first) / CLASSES as f64);
    let low = (first / step).floor() * step;
    let classes = (((last - low) / step).floor() as usize + 1).min(10 * CLASSES);
    let mut counts = vec![0_usize; classes];
    for value in values {
        counts[(((value - low) / step) as usize).min(classes - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1) as f64;
    let area = Area {
        left: 62.0,
        top: 24.0,
        width: 940.0,
        height: 190.0,
    };
    let high = low + step * classes as f64;
    let chart = Chart::new(
        area,
        (low / 1e6, high / 1e6),
        (0.0, round_up(most * 1.1, 4)),
    );
    let mut svg = Svg::default();
    chart.draw_axes(
        &mut svg,
        crate::chart::Axes {
            x_title: "Saving against alone, M€",
            y_title: "Scenarios",
            ticks: (9, 4),
        },
    );
    for (class, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let from = low + step * class as f64;
        let (left, top) = chart.at(from / 1e6, *count as f64);
        let (right, bottom) = chart.at((from + step) / 1e6, 0.0);
        let kind = if from >= 0.0 { "good" } else { "bad" };
        svg.rect(
            (left + 0.6, top),
            (right - left - 1.2, bottom - top),
            &format!(r#"class="{kind}""#),
        );
    }
    let (x, bottom) = chart.at(doubt.saving_eur / 1e6, 0.0);
    svg.line((x, area.top), (x, bottom), r#"class="zero""#);
    let label = format!("as stated {}", number::million_eur(doubt.saving_eur));
    svg.text((x + 6.0, area.top + 12.0), r#"class="small halo""#, &label);
    svg.finish((1040.0, 262.0), "Distribution of the saving", "")
}

/// How far a bar reaches from end to end, EUR: both ends may lie on one side of what is stated.
fn reach_eur(input: &InputEffect, stated_eur: f64) -> f64 {
    let (low, high) = (input.at_low_eur, input.at_high_eur);
    low.max(high).max(stated_eur) - low.min(high).min(stated_eur)
}

fn strongest_first(inputs: &[InputEffect], stated_eur: f64) -> Vec<InputEffect> {
    let mut sorted = inputs.to_vec();
    sorted.sort_by(|a, b| reach_eur(b, stated_eur).total_cmp(&reach_eur(a, stated_eur)));
    sorted
}

fn tornado(inputs: &[InputEffect], stated_eur: f64, axis: &str) -> String {
    let shown: Vec<&InputEffect> = inputs
        .iter()
        .filter(|input| reach_eur(input, stated_eur) > 0.0)
        .take(BARS)
        .collect();
    let ends = || {
        shown
            .iter()
            .flat_map(|input| [input.at_low_eur, input.at_high_eur])
    };
    let low = ends().fold(stated_eur, f64::min);
    let high = ends().fold(stated_eur, f64::max);
    let room = 0.16 * (high - low).max(1.0);
    let area = Area {
        left: 232.0,
        top: 18.0,
        width: 770.0,
        height: 25.0 * shown.len() as f64,
    };
    let chart = Chart::new(area, ((low - room) / 1e6, (high + room) / 1e6), (0.0, 1.0));
    let mut svg = Svg::default();
    let bottom = area.top + area.height;
    chart.draw_x_ticks(&mut svg, 8);
    for (index, input) in shown.iter().enumerate() {
        draw_bar(&mut svg, &chart, index, input, stated_eur);
    }
    let x = chart.x.px(stated_eur / 1e6);
    svg.line((x, area.top - 4.0), (x, bottom), r#"class="zero""#);
    let middle = area.left + 0.5 * area.width;
    svg.text(
        (middle, bottom + 34.0),
        r#"class="axis" text-anchor="middle""#,
        axis,
    );
    svg.finish((1040.0, bottom + 44.0), "Tornado of the inputs", "")
}

fn draw_bar(svg: &mut Svg, chart: &Chart, index: usize, input: &InputEffect, stated_eur: f64) {
    let y = chart.area.top + 25.0 * index as f64 + 4.0;
    svg.text(
        (chart.area.left - 10.0, y + 12.5),
        r#"class="small" text-anchor="end""#,
        &name(&input.input),
    );
    let stated = chart.x.px(stated_eur / 1e6);
    let mut sides = [
        (input.at_low_eur, input.low, "step"),
        (input.at_high_eur, input.high, "total"),
    ];
    // Both may lie on the same side: the longer one is drawn first.
    if (sides[0].0 - stated_eur).abs() < (sides[1].0 - stated_eur).abs() {
        sides.swap(0, 1);
    }
    for (eur, _, class) in sides {
        let x = chart.x.px(eur / 1e6);
        svg.rect(
            (x.min(stated), y),
            ((x - stated).abs(), 17.0),
            &format!(r#"class="{class}""#),
        );
    }
    for (eur, text, is_left) in labels(input, sides.map(|(eur, end, _)| (eur, end)), stated_eur) {
        let x = chart.x.px(eur / 1e6);
        let (at, anchor) = if is_left {
            (x - 5.0, "end")
        } else {
            (x + 5.0, "start")
        };
        svg.text(
            (at, y + 12.5),
            &format!(r#"class="small soft halo" text-anchor="{anchor}""#),
            &text,
        );
    }
}

/// Where the ends of a bar are named, and whether to the left, the longer side first. Of two ends on one side
/// the shorter is named on the other, which is free: its name would lie upon the longer bar.
fn labels(
    input: &InputEffect,
    [longer, shorter]: [(f64, f64); 2],
    stated_eur: f64,
) -> Vec<(f64, String, bool)> {
    let is_left = |eur: f64| eur < stated_eur;
    let longer_is_left = is_left(longer.0);
    let same = shorter.0 != stated_eur && is_left(shorter.0) == longer_is_left;
    let (at, text) = if same {
        let text = format!("shorter bar: {}", change(input, shorter.1));
        (stated_eur, text)
    } else {
        (shorter.0, change(input, shorter.1))
    };
    vec![
        (longer.0, change(input, longer.1), longer_is_left),
        (at, text, !longer_is_left),
    ]
}

fn change(input: &InputEffect, end: f64) -> String {
    number::signed_percent(end / input.value - 1.0, 0)
}

fn name(input: &str) -> String {
    match input.strip_prefix("volume of ") {
        Some(partner) => format!("volume of {}", partner_name(partner)),
        None => input.replace(['_', '.'], " "),
    }
}

fn table(inputs: &[InputEffect]) -> String {
    let head = page::heads(&[
        "Input",
        "Range, % of stated",
        "Saving at low, M€",
        "at high, M€",
        "Regret at low, M€",
        "at high, M€",
        "No saving beyond",
        "Another family beyond",
    ]);
    let million = |eur: f64| datum(eur, &number::fixed(eur / 1e6, 1));
    let times = |value: Option<f64>, input: &InputEffect| {
        value.map_or_else(
            || "—".to_owned(),
            |v| datum(v, &format!("{} ×", number::fixed(v / input.value, 2))),
        )
    };
    let row = |input: &InputEffect| {
        let mark = if input.assumption { " (assumed)" } else { "" };
        vec![
            escape(&format!("{}{mark}", name(&input.input))),
            escape(&format!(
                "{} to {}",
                change(input, input.low),
                change(input, input.high)
            )),
            million(input.at_low_eur),
            million(input.at_high_eur),
            million(input.regret_low_eur),
            million(input.regret_high_eur),
            times(input.break_even, input),
            times(input.other_family_from, input),
        ]
    };
    let rows: Vec<Vec<String>> = inputs.iter().map(row).collect();
    page::table("numbers", &head, &rows)
        + "<p class=\"note\">No saving beyond: the multiple of the stated value at which together saves nothing any \
           more, looked for from a tenth to ten times the stated value; a dash: at none of them. Another family \
           beyond: the multiple within the range from which another known family is better by more than the proof \
           leaves open.</p>"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(at_low_eur: f64, at_high_eur: f64) -> InputEffect {
        InputEffect {
            value: 10.0,
            low: 8.0,
            high: 11.0,
            at_low_eur,
            at_high_eur,
            ..InputEffect::default()
        }
    }

    #[test]
    fn of_two_ends_on_one_side_the_shorter_is_named_on_the_other() {
        let of = |low: f64, high: f64| {
            let mut sides = [(low, 8.0), (high, 11.0)];
            if (low - 100.0).abs() < (high - 100.0).abs() {
                sides.swap(0, 1);
            }
            labels(&input(low, high), sides, 100.0)
        };
        let (minus, plus) = (
            change(&input(0.0, 0.0), 8.0),
            change(&input(0.0, 0.0), 11.0),
        );
        assert_eq!(
            of(90.0, 120.0),
            [(120.0, plus.clone(), false), (90.0, minus.clone(), true)]
        );
        let shorter = |text: &str| format!("shorter bar: {text}");
        assert_eq!(
            of(70.0, 90.0),
            [(70.0, minus.clone(), true), (100.0, shorter(&plus), false)]
        );
        assert_eq!(
            of(110.0, 130.0),
            [(130.0, plus.clone(), false), (100.0, shorter(&minus), true)]
        );
        assert_eq!(
            of(100.0, 130.0),
            [(130.0, plus, false), (100.0, minus, true)]
        );
    }
}
