//! The first screen: what the programme answers, in one paragraph and a row of figures.

use codrive_model::summary::{CostSummary, ModuleLists};

use crate::context::{Context, joint_modules, listed, partner_name};
use crate::number;
use crate::page::{Masthead, datum};
use crate::svg::escape;

/// Title, answer and key figures.
pub(crate) fn masthead(context: &Context<'_>) -> Masthead {
    let summary = &context.data.summary;
    let kicker = match context.reader() {
        None => "codrive · joint drive-unit programme · clean team".to_owned(),
        Some(id) => {
            format!(
                "codrive · joint drive-unit programme · report for {}",
                partner_name(id)
            )
        }
    };
    let statement = if summary.cost.statement.is_empty() || context.reader().is_none() {
        String::new()
    } else {
        format!(
            "<p class=\"statement\">{}</p>",
            escape(&summary.cost.statement)
        )
    };
    let answer = format!(
        "<p class=\"answer\">{}</p>{statement}{}",
        sentence(context),
        key(context)
    );
    Masthead {
        kicker,
        title: summary.programme.clone(),
        answer,
    }
}

fn sentence(context: &Context<'_>) -> String {
    let summary = &context.data.summary;
    let modules = &summary.family.modules;
    let released = [
        number::plural(modules.sections.len(), "section"),
        number::plural(modules.machines.len(), "machine"),
        number::plural(modules.inverters.len(), "inverter"),
        number::plural(modules.gear_sets.len(), "gear set"),
    ];
    let axles = number::plural(summary.family.assignment.len(), "driven axle");
    let take = if summary.family.assignment.len() == 1 {
        "takes"
    } else {
        "take"
    };
    let joint = joint_modules(&summary.family.assignment).len();
    let whose = match context.reader() {
        None => {
            let names: Vec<String> = context.partners().iter().map(|p| partner_name(p)).collect();
            format!("The {axles} of {} {take}", listed(&names))
        }
        Some(_) => format!("Your {axles} {take}"),
    };
    let built = format!(
        "{whose} {} of drive unit, built from {}; {joint} of these modules are joint.",
        number::plural(context.data.units.len(), "design"),
        listed(&released),
    );
    format!("{} {}", escape(&built), escape(&money_sentence(context)))
}

fn money_sentence(context: &Context<'_>) -> String {
    let cost = &context.data.summary.cost;
    if let Some(id) = context.reader() {
        return own_sentence(cost, id);
    }
    let Some((alone, together)) = compared(cost) else {
        return String::new();
    };
    format!(
        "Together that costs {}, against {} each on its own: {} ({}) less, present value in {}.",
        number::million_eur(together),
        number::million_eur(alone),
        number::million_eur(alone - together),
        number::percent((alone - together) / alone, 1),
        cost.base_year,
    )
}

fn own_sentence(cost: &CostSummary, id: &str) -> String {
    let mut text = String::new();
    if let Some(alone) = cost.alone_eur.get(id) {
        let (amount, year) = (number::million_eur(*alone), cost.base_year);
        text += &format!("On your own they would cost {amount}, present value in {year}. ");
    }
    if let Some(band) = cost.share_band.get(id) {
        text += &format!(
            "Your share of the joint cost lies in the band {}.",
            band_text(band)
        );
    }
    text
}

/// A band of fractions in words.
pub(crate) fn band_text([from, to]: &[f64; 2]) -> String {
    format!(
        "{} to {}",
        number::percent(*from, 0),
        number::percent(*to, 0)
    )
}

/// Cost alone and together of the whole programme, EUR, where the reader may see it.
pub(crate) fn compared(cost: &CostSummary) -> Option<(f64, f64)> {
    let (alone, together) = (alone_total(cost), cost.together_eur?);
    let is_known = alone.is_finite() && together.is_finite() && alone > 0.0 && together > 0.0;
    is_known.then_some((alone, together))
}

/// Sum over the partners on their own, EUR.
pub(crate) fn alone_total(cost: &CostSummary) -> f64 {
    cost.alone_eur.values().sum()
}

fn key(context: &Context<'_>) -> String {
    let cost = &context.data.summary.cost;
    let mut tiles = match context.reader() {
        None => joint_tiles(cost),
        Some(id) => own_tiles(cost, id),
    };
    tiles += &months_tile(context);
    tiles += &modules_tile(context);
    tiles += &bound_tile(context);
    format!("<dl class=\"key\">{tiles}</dl>")
}

fn joint_tiles(cost: &CostSummary) -> String {
    let Some((alone, together)) = compared(cost) else {
        return String::new();
    };
    let saving = alone - together;
    let share = number::percent(saving / alone, 1);
    [
        tile("Alone", &money(alone), &alone_note(cost)),
        tile("Together", &money(together), "all partners"),
        tile(
            "Saving",
            &money(saving),
            &format!("{share} of the cost alone"),
        ),
    ]
    .concat()
}

fn own_tiles(cost: &CostSummary, id: &str) -> String {
    let mut tiles = String::new();
    if let Some(alone) = cost.alone_eur.get(id) {
        tiles += &tile("On your own", &money(*alone), "present value");
    }
    if let Some(band) = cost.share_band.get(id) {
        tiles += &tile(
            "Your share of the joint cost",
            &format!("<b>{}</b>", escape(&band_text(band))),
            "as a band",
        );
    }
    tiles
}

fn money(eur: f64) -> String {
    datum(eur, &number::million_eur(eur))
}

fn alone_note(cost: &CostSummary) -> String {
    let parts: Vec<String> = cost
        .alone_eur
        .iter()
        .map(|(id, eur)| format!("{}\u{a0}{}", partner_name(id), number::million_eur(*eur)))
        .collect();
    parts.join(" · ")
}

fn months_tile(context: &Context<'_>) -> String {
    let cost = &context.data.summary.cost;
    if !(cost.months_together.is_finite() && cost.months_together > 0.0) {
        return String::new();
    }
    let months = number::with_unit(cost.months_together, 0, "months");
    let alone: Vec<String> = cost
        .months_alone
        .iter()
        .map(|(id, months)| format!("{} alone {}", partner_name(id), number::fixed(*months, 0)))
        .collect();
    let late = cost
        .study
        .plans
        .first()
        .filter(|plan| plan.months > plan.months_available)
        .map(|plan| {
            let available = number::fixed(plan.months_available, 0);
            format!("the first car is planned after {available}")
        });
    let notes: Vec<String> = alone.into_iter().chain(late).collect();
    tile(
        "Serial months to start of production",
        &datum(cost.months_together, &months),
        &notes.join(" · "),
    )
}

/// Modules released, of all kinds.
pub(crate) fn released(lists: &ModuleLists) -> usize {
    lists.sections.len() + lists.machines.len() + lists.inverters.len() + lists.gear_sets.len()
}

fn modules_tile(context: &Context<'_>) -> String {
    let family = &context.data.summary.family;
    let joint = joint_modules(&family.assignment).len();
    let text = format!("{joint} of {}", released(&family.modules));
    tile(
        "Joint modules of those released",
        &datum(joint as f64, &text),
        "sections, machines, inverters, gear sets",
    )
}

fn bound_tile(context: &Context<'_>) -> String {
    let family = &context.data.summary.family;
    let (Some(gap), Some(bound)) = (family.gap, family.lower_bound_eur) else {
        return String::new();
    };
    let avoidable = family.gap_of_avoidable.map_or_else(String::new, |gap| {
        format!("{} of the cost that decisions change · ", gap_text(gap))
    });
    let note = format!(
        "{avoidable}no selection costs less than {}",
        number::million_eur(bound)
    );
    tile(
        "Proven gap to the optimum",
        &datum(gap, &gap_text(gap)),
        &note,
    )
}

/// A gap in per cent; one that rounds to nothing is said to be small, not zero.
fn gap_text(gap: f64) -> String {
    const SMALLEST: f64 = 1e-4;
    if gap.is_finite() && gap < SMALLEST {
        return format!("< {}", number::percent(SMALLEST, 2));
    }
    number::percent(gap, 2)
}

fn tile(title: &str, value: &str, note: &str) -> String {
    let (title, note) = (escape(title), escape(note));
    format!("<div><dt>{title}</dt><dd>{value}<small>{note}</small></dd></div>")
}
