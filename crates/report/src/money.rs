//! Money alone against together, and who pays what.

use codrive_model::summary::{CostCategory, CostSummary, DeliveryRow};

use crate::answer::band_text;
use crate::chart::Area;
use crate::context::{Context, partner_name};
use crate::number;
use crate::page::{self, Section, datum};
use crate::svg::{Svg, escape};
use crate::{split_checks, waterfall, wishes};

/// Waterfall, categories, split by partner, rules compared.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let cost = &context.data.summary.cost;
    let body = [
        totals(context),
        released(context),
        delivered(context),
        split(context),
        rules(context),
        split_checks::table(cost),
        wishes::table(cost),
    ]
    .concat();
    if body.is_empty() {
        return None;
    }
    let lead = format!(
        "All amounts are present values in {}, production to {}. Alone means that each partner \
         develops, tools and builds its own units in its own plants, with the same catalogue of modules.",
        cost.base_year, cost.last_year
    );
    let title = match context.reader() {
        None => "Money, alone and together",
        Some(_) => "Your money, alone and together",
    };
    Some(Section {
        id: "money",
        title: title.to_owned(),
        body: page::paragraph(&lead) + &statement(context) + &body,
    })
}

/// What the figures mean; a partner reads it at the head of the page.
fn statement(context: &Context<'_>) -> String {
    let text = &context.data.summary.cost.statement;
    if text.is_empty() || context.reader().is_some() {
        return String::new();
    }
    page::paragraph(
        &text
            .replace(" MEUR", "\u{202f}M€")
            .replace(" %", "\u{202f}%"),
    )
}

fn totals(context: &Context<'_>) -> String {
    let cost = &context.data.summary.cost;
    let area = Area {
        left: 62.0,
        top: 36.0,
        width: 960.0,
        height: 300.0,
    };
    let table = category_table(cost);
    let Some((picture, start)) = waterfall::picture(cost, area, (1040.0, 386.0)) else {
        return table;
    };
    let mut caption = format!(
        "From the sum over the partners alone to all together by category, present value in {}.",
        cost.base_year
    );
    if start > 0.0 {
        let start = number::with_unit(start / 1e6, 0, "M€");
        caption +=
            &format!(" The axis starts at {start}, not at zero: read the steps, not the totals.");
    }
    page::figure(&picture, &caption) + &table
}

fn category_table(cost: &CostSummary) -> String {
    if cost.categories.is_empty() {
        return String::new();
    }
    let is_compared = cost.categories.iter().any(|c| c.together_eur.is_some());
    let titles = [
        "Category",
        "Alone, M€",
        "Together, M€",
        "Difference, M€",
        "Difference, %",
    ];
    let head = page::heads(if is_compared { &titles } else { &titles[..2] });
    let rows: Vec<Vec<String>> = cost
        .categories
        .iter()
        .filter(|category| is_used(category))
        .map(category_row)
        .collect();
    page::table("numbers", &head, &rows)
}

/// Whether a category costs anything, alone or together.
pub(crate) fn is_used(category: &CostCategory) -> bool {
    category.alone_eur != 0.0 || category.together_eur.is_some_and(|eur| eur != 0.0)
}

fn category_row(category: &CostCategory) -> Vec<String> {
    let million = |eur: f64| datum(eur, &number::fixed(eur / 1e6, 1));
    let mut row = vec![escape(&category.category), million(category.alone_eur)];
    if let Some(together) = category.together_eur {
        let change = together - category.alone_eur;
        row.push(million(together));
        row.push(escape(&number::signed(change / 1e6, 1)));
        let is_new = category.alone_eur <= 0.0;
        let relative = number::signed(change / category.alone_eur * 100.0, 1);
        row.push(if is_new {
            String::new()
        } else {
            escape(&relative)
        });
    }
    row
}

/// What a partner is told: its share as a band, and the rounded prices of its joint modules.
fn released(context: &Context<'_>) -> String {
    let cost = &context.data.summary.cost;
    let mut out = String::new();
    for (id, band) in &cost.share_band {
        let text = format!(
            "{} pays {} of the joint cost.",
            partner_name(id),
            band_text(band)
        );
        out += &page::paragraph(&text);
    }
    if cost.transfer_prices.is_empty() {
        return out;
    }
    let head = page::heads(&[
        "Module",
        "Kind",
        "Made in",
        "A unit, without material, €",
        "Once, M€",
    ]);
    let rows: Vec<Vec<String>> = cost
        .transfer_prices
        .iter()
        .map(|row| {
            vec![
                escape(&row.module),
                escape(&row.kind),
                escape(&context.plant_name(&row.made_in)),
                datum(row.unit_eur, &number::fixed(row.unit_eur, 0)),
                datum(row.once_eur, &number::fixed(row.once_eur / 1e6, 0)),
            ]
        })
        .collect();
    out + "<h3>What modules cost you that are joint or made by another</h3>"
        + &page::table("numbers wrap", &head, &rows)
        + "<p class=\"note\">Prices are rounded for release; material is bought by each partner.</p>"
}

/// What a partner's plants make for others.
fn delivered(context: &Context<'_>) -> String {
    let rows = &context.data.summary.cost.deliveries;
    if rows.is_empty() {
        return String::new();
    }
    let head = page::heads(&[
        "Module",
        "Kind",
        "Your plant",
        "For",
        "Units in the year with the most",
        "A unit, without material, €",
        "Once, M€",
    ]);
    let count = |units: f64| number::count(units as usize);
    let row = |row: &DeliveryRow| {
        let [from, below] = row.peak_units_per_year;
        vec![
            escape(&row.module),
            escape(&row.kind),
            escape(&context.plant_name(&row.plant)),
            escape(&partner_name(&row.to)),
            escape(&format!("{} to {}", count(from), count(below))),
            datum(row.unit_eur, &number::fixed(row.unit_eur, 0)),
            datum(row.once_eur, &number::fixed(row.once_eur / 1e6, 0)),
        ]
    };
    let table: Vec<Vec<String>> = rows.iter().map(row).collect();
    "<h3>What your plants make for others</h3>".to_owned()
        + &page::table("numbers wrap", &head, &table)
        + "<p class=\"note\">What a plant must know to build it and no more: units as a band of 1, 2, 5, 10 and so on, \
           prices as the other side sees them.</p>"
}

fn split(context: &Context<'_>) -> String {
    let cost = &context.data.summary.cost;
    let rows: Vec<(&String, f64, f64)> = cost
        .alone_eur
        .iter()
        .filter_map(|(id, alone)| Some((id, *alone, *cost.share_eur.get(id)?)))
        .filter(|(_, alone, share)| alone.is_finite() && share.is_finite() && *alone > 0.0)
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let most = rows
        .iter()
        .map(|(_, alone, share)| alone.max(*share))
        .fold(0.0, f64::max);
    let mut svg = Svg::default();
    for (index, row) in rows.iter().enumerate() {
        draw_partner(&mut svg, context, index, *row, most);
    }
    let height = rows.len() as f64 * 62.0 + 6.0;
    let picture = svg.finish((1040.0, height), "What each partner pays", "");
    page::figure(
        &picture,
        "What each partner pays: alone (outline) and together (filled) by the Shapley value; bars \
         start at zero. The saving is the distance between the two ends.",
    )
}

fn draw_partner(
    svg: &mut Svg,
    context: &Context<'_>,
    index: usize,
    (id, alone, share): (&String, f64, f64),
    most: f64,
) {
    const LEFT: f64 = 110.0;
    const WIDTH: f64 = 640.0;
    let y = index as f64 * 62.0 + 8.0;
    let width = |eur: f64| WIDTH * eur / most;
    let class = context.colour(id);
    svg.text(
        (0.0, y + 24.0),
        &format!(r#"class="namec title {class}""#),
        &partner_name(id),
    );
    svg.rect(
        (LEFT, y + 4.0),
        (width(share), 28.0),
        &format!(r#"class="fillc {class}""#),
    );
    let outline = format!(r#"class="strokec {class}" stroke-width="1.6""#);
    svg.rect((LEFT, y), (width(alone), 36.0), &outline);
    let right = LEFT + width(alone.max(share)) + 12.0;
    let saving = format!(
        "saves {} ({})",
        number::million_eur(alone - share),
        number::percent((alone - share) / alone, 1)
    );
    svg.text((right, y + 15.0), r#"class="strong""#, &saving);
    let amounts = format!(
        "{} instead of {}",
        number::million_eur(share),
        number::million_eur(alone)
    );
    svg.text((right, y + 31.0), r#"class="soft""#, &amounts);
}

fn rules(context: &Context<'_>) -> String {
    let cost = &context.data.summary.cost;
    let partners: Vec<&String> = context
        .partners()
        .iter()
        .filter(|id| cost.share_eur.contains_key(*id))
        .collect();
    if partners.is_empty() {
        return String::new();
    }
    let mut head = vec!["Rule".to_owned()];
    for id in &partners {
        let who = context.partner_markup(id);
        head.push(format!("{who} pays, M€"));
        head.push("saves, M€".to_owned());
    }
    let mut rows = vec![rule_row(
        "Shapley value (used)",
        &cost.share_eur,
        cost,
        &partners,
    )];
    for (rule, shares) in &cost.other_shares_eur {
        rows.push(rule_row(rule, shares, cost, &partners));
    }
    format!(
        "<h3>The split under several rules</h3>{}",
        page::table("numbers", &head, &rows)
    )
}

fn rule_row(
    rule: &str,
    shares: &std::collections::BTreeMap<String, f64>,
    cost: &CostSummary,
    partners: &[&String],
) -> Vec<String> {
    let million = |eur: f64| datum(eur, &number::fixed(eur / 1e6, 1));
    let mut row = vec![escape(&rule.replace('_', " "))];
    for id in partners {
        let share = shares.get(*id).copied().unwrap_or(f64::NAN);
        let alone = cost.alone_eur.get(*id).copied().unwrap_or(f64::NAN);
        row.push(million(share));
        row.push(million(alone - share));
    }
    row
}
