//! The way to the start of production as a bar chart.

use codrive_model::development::{Activity, DevelopmentPlan};

use crate::chart::{Area, Chart};
use crate::context::{Context, axle_name, partner_name};
use crate::number;
use crate::page::{self, Section, datum};
use crate::scale::round_up;
use crate::svg::{Svg, escape};

const ROW: f64 = 20.0;

/// The plans; `None` without one.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let study = &context.data.summary.cost.study;
    let first = study.plans.first()?;
    let lead = "Every module, variant and application passes concept, samples A to D and industrialisation. A phase \
                starts when its own phase before has ended, and that of what it is built from; it takes as long as its \
                tests need, or longer while the engineers are spread over too much work (orange). Engineers of \
                all partners work on joint modules, each partner's own on the rest. Money is reckoned for the years that the \
                files state, also where a plan comes too late for them.";
    let mut body = page::paragraph(lead) + &overview(&study.plans) + &month(context);
    body += &page::figure(&picture(first), &caption(first));
    for plan in &study.plans[1..] {
        let title = format!("The plan of {}", who(plan));
        body += &page::folded(&title, &page::figure(&picture(plan), &caption(plan)));
    }
    Some(Section {
        id: "plan",
        title: "The way to the start of production".to_owned(),
        body,
    })
}

fn who(plan: &DevelopmentPlan) -> String {
    if plan.who == "together" {
        "all together".to_owned()
    } else {
        format!("{} alone", partner_name(&plan.who))
    }
}

fn caption(plan: &DevelopmentPlan) -> String {
    format!(
        "The plan of {}, months from the start of development. What has an outline is critical: the start of \
         production moves with it. Orange: longer than tests need, for want of engineers.",
        who(plan)
    )
}

fn overview(plans: &[DevelopmentPlan]) -> String {
    let head = page::heads(&[
        "Plan",
        "Months to production",
        "with twice the engineers",
        "Months until the first car",
        "To spare",
        "Engineers, M€ a month",
    ]);
    let months = |value: f64| datum(value, &number::fixed(value, 1));
    let row = |plan: &DevelopmentPlan| {
        vec![
            escape(&who(plan)),
            months(plan.months),
            months(plan.months_with_twice_the_engineers),
            months(plan.months_available),
            escape(&number::signed(plan.months_available - plan.months, 1)),
            datum(
                plan.engineers_eur_per_month,
                &number::fixed(plan.engineers_eur_per_month / 1e6, 1),
            ),
        ]
    };
    let rows: Vec<Vec<String>> = plans.iter().map(row).collect();
    page::table("numbers", &head, &rows)
}

fn month(context: &Context<'_>) -> String {
    context.data.summary.cost.study.month_gain_eur.map_or_else(String::new, |gain| {
        page::paragraph(&format!(
            "A month later costs the engineers' pay of that month, if they are kept on, and {} of the saving's present \
             value; a month earlier gains as much. What a month of sales is worth is not in the model.",
            number::million_eur(gain)
        ))
    })
}

/// The items of a plan, each with its phases.
fn rows(plan: &DevelopmentPlan) -> Vec<Vec<&Activity>> {
    let mut rows: Vec<Vec<&Activity>> = Vec::new();
    for activity in &plan.activities {
        match rows.last_mut().filter(|row| {
            row[0].item == activity.item
                && row[0].kind == activity.kind
                && row
                    .last()
                    .is_some_and(|l| l.start_month <= activity.start_month)
        }) {
            Some(row) => row.push(activity),
            None => rows.push(vec![activity]),
        }
    }
    rows
}

fn picture(plan: &DevelopmentPlan) -> String {
    let rows = rows(plan);
    let area = Area {
        left: 270.0,
        top: 34.0,
        width: 740.0,
        height: ROW * rows.len() as f64,
    };
    let chart = Chart::new(area, (0.0, round_up(plan.months, 8)), (0.0, 1.0));
    let mut svg = Svg::default();
    let bottom = area.top + area.height;
    chart.draw_x_ticks(&mut svg, 9);
    for (index, row) in rows.iter().enumerate() {
        let y = area.top + ROW * index as f64;
        let name = item_name(row[0]);
        svg.text(
            (area.left - 8.0, y + 14.0),
            r#"class="small" text-anchor="end""#,
            &shortened(&name),
        );
        for (phase, activity) in row.iter().enumerate() {
            draw(&mut svg, &chart, y, phase, activity);
        }
    }
    if let Some(row) = rows.first() {
        draw_key(&mut svg, row, area);
    }
    let end = chart.x.px(plan.months);
    svg.line((end, area.top), (end, bottom), r#"class="zero""#);
    let middle = area.left + 0.5 * area.width;
    svg.text(
        (middle, bottom + 34.0),
        r#"class="axis" text-anchor="middle""#,
        "Months from the start of development",
    );
    svg.finish((1040.0, bottom + 44.0), "Development plan", "")
}

/// A module by its id, an application by its axle's name.
fn item_name(activity: &Activity) -> String {
    match activity.item.rsplit_once(' ') {
        Some((vehicle, axle)) if activity.kind == "application" => {
            format!("{} {}", activity.kind, axle_name(vehicle, axle))
        }
        _ => format!("{} {}", activity.kind, activity.item),
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= 44 {
        return name.to_owned();
    }
    name.chars().take(43).chain(std::iter::once('…')).collect()
}

/// Phases get darker towards production.
fn shade(phase: usize) -> f64 {
    (0.18 + 0.1 * phase as f64).min(0.8)
}

fn draw(svg: &mut Svg, chart: &Chart, y: f64, phase: usize, activity: &Activity) {
    let (left, right) = (
        chart.x.px(activity.start_month),
        chart.x.px(activity.end_month()),
    );
    let size = ((right - left - 1.0).max(0.8), ROW - 6.0);
    let class = if activity.short_of_engineers {
        "bad"
    } else {
        "total"
    };
    svg.rect(
        (left, y + 3.0),
        size,
        &format!(
            r#"class="{class}" style="fill-opacity:{:.2}""#,
            shade(phase)
        ),
    );
    if activity.critical {
        svg.rect(
            (left, y + 3.0),
            size,
            r#"class="outline" fill="none" stroke="currentColor" stroke-width="1.6""#,
        );
    }
}

fn draw_key(svg: &mut Svg, row: &[&Activity], area: Area) {
    let mut x = area.left;
    for (phase, activity) in row.iter().enumerate() {
        svg.rect(
            (x, 8.0),
            (14.0, 12.0),
            &format!(r#"class="total" style="fill-opacity:{:.2}""#, shade(phase)),
        );
        svg.text((x + 19.0, 18.0), r#"class="small""#, &activity.phase);
        x += 40.0 + 6.2 * activity.phase.chars().count() as f64;
    }
    svg.rect(
        (x, 8.0),
        (14.0, 12.0),
        r#"class="bad" style="fill-opacity:0.48""#,
    );
    svg.text((x + 19.0, 18.0), r#"class="small""#, "short of engineers");
}
