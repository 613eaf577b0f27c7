//! What cost buys: cost against energy, modules, rare earths and mass.

mod fronts;
mod parallel;

use codrive_model::tradeoff::{Front, FrontPoint, Objective, TradedFamily, Tradeoffs};

use crate::context::Context;
use crate::number;
use crate::page::{self, Section, datum};
use crate::svg::escape;

/// The section, for the clean team only; `None` without trade-offs.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let tradeoffs = context.data.summary.cost.study.tradeoffs.as_ref()?;
    let cheapest = tradeoffs.families.first()?;
    if context.reader().is_some() {
        return None;
    }
    let pictures = fronts::picture(tradeoffs) + &parallel::picture(tradeoffs);
    let body = [
        page::paragraph(&lead(tradeoffs)),
        bought(tradeoffs, cheapest),
        page::figure(&pictures, CAPTION),
        page::folded("Every point", &table(tradeoffs, cheapest)),
    ];
    Some(Section {
        id: "tradeoffs",
        title: "What cost buys".to_owned(),
        body: body.concat(),
    })
}

const CAPTION: &str = "Above: cost against each objective, on one scale of cost that does not start at zero. Circle: the \
    cheapest family found within a limit; the end of the bar below it: proven that none costs less; shaded: what costs \
    more, or takes more, than a family found; small dot: a family of another front. Below: every family as a line over \
    all five, less is further down, each axis from the least to the most. Thick, in the colour of the text: the cheapest \
    family; else the colour tells the (first) front that a family is on. Point at a family to see it everywhere; drag \
    along an axis below to keep what lies inside, click the axis to keep all again. Clean team only.";

fn lead(tradeoffs: &Tradeoffs) -> String {
    format!(
        "Each point is the cheapest family found whose energy, number of modules, rare earths or mass stays within a limit, \
         chosen among {} kept configurations. It is proven that no family of these within the limit costs less than \
         the end of the point's bar; configurations that were not kept are outside the proof.",
        number::count(tradeoffs.configurations)
    )
}

/// The ends of each front, in words.
fn bought(tradeoffs: &Tradeoffs, cheapest: &TradedFamily) -> String {
    let items: String = tradeoffs
        .fronts
        .iter()
        .filter_map(|front| {
            let least = tradeoffs.families.get(front.points.last()?.family)?;
            let text = ends(front.objective, cheapest, least);
            Some(format!("<li>{}</li>", escape(&text)))
        })
        .collect();
    if items.is_empty() {
        return items;
    }
    page::paragraph("From the cheapest family to the one with the least that was found:")
        + &format!("<ul class=\"plain\">{items}</ul>")
}

fn ends(objective: Objective, cheapest: &TradedFamily, least: &TradedFamily) -> String {
    let measure = Measure::of(objective);
    let (from, to) = (cheapest.value(objective), least.value(objective));
    if least == cheapest {
        return format!(
            "{}: the cheapest has the least, {}.",
            measure.name,
            measure.text(from)
        );
    }
    format!(
        "{}: {} instead of {} ({}) for {} more ({}).",
        measure.name,
        measure.text(to),
        measure.text(from),
        number::signed_percent(to / from - 1.0, 1),
        number::million_eur(least.cost_eur - cheapest.cost_eur),
        number::signed_percent(least.cost_eur / cheapest.cost_eur - 1.0, 2),
    )
}

fn table(tradeoffs: &Tradeoffs, cheapest: &TradedFamily) -> String {
    let head = page::heads(&[
        "Objective",
        "Limit",
        "Value",
        "Cost, M€",
        "Dearer than the cheapest by, M€",
        "Gap, %",
    ]);
    let rows: Vec<Vec<String>> = tradeoffs
        .fronts
        .iter()
        .flat_map(|front| placed(tradeoffs, front).map(move |placed| (front.objective, placed)))
        .map(|(objective, (point, family))| row(objective, point, family, cheapest))
        .collect();
    page::table("numbers", &head, &rows)
        + "<p class=\"note\">Gap: (cost − proven lower bound) / cost, the cost that no decision changes left out.</p>"
}

fn row(
    objective: Objective,
    point: &FrontPoint,
    family: &TradedFamily,
    cheapest: &TradedFamily,
) -> Vec<String> {
    let measure = Measure::of(objective);
    let value = family.value(objective);
    let million = |eur: f64| datum(eur, &number::fixed(eur / 1e6, 1));
    vec![
        escape(measure.name),
        datum(point.limit, &measure.text(point.limit)),
        datum(value, &measure.text(value)),
        million(family.cost_eur),
        million(family.cost_eur - cheapest.cost_eur),
        datum(point.gap, &number::fixed(point.gap * 100.0, 2)),
    ]
}

/// Points of a front with their families.
fn placed<'a>(
    tradeoffs: &'a Tradeoffs,
    front: &'a Front,
) -> impl Iterator<Item = (&'a FrontPoint, &'a TradedFamily)> {
    let with_family = |point: &'a FrontPoint| Some((point, tradeoffs.families.get(point.family)?));
    front.points.iter().filter_map(with_family)
}

/// How a figure of a family is named and written.
#[derive(Clone, Copy, Debug)]
struct Measure {
    name: &'static str,
    unit: &'static str,
    factor: f64,
    decimals: usize,
}

impl Measure {
    const COST: Self = Self::new("Cost", "M€", 1e-6, 1);

    const fn new(name: &'static str, unit: &'static str, factor: f64, decimals: usize) -> Self {
        Self {
            name,
            unit,
            factor,
            decimals,
        }
    }

    const fn of(objective: Objective) -> Self {
        match objective {
            Objective::Energy => Self::new("Energy in the WLTC", "Wh/km", 1.0 / 3.6, 1),
            Objective::Modules => Self::new("Modules released", "", 1.0, 0),
            Objective::RareEarths => Self::new("Rare earths of the programme", "t", 1e-3, 1),
            Objective::Mass => Self::new("Mass of a car's units", "kg", 1.0, 1),
        }
    }

    /// A value in SI as a number of the unit shown.
    fn shown(self, si: f64) -> f64 {
        si * self.factor
    }

    /// A value in SI with the unit shown.
    fn text(self, si: f64) -> String {
        let text = number::fixed(self.shown(si), self.decimals);
        if self.unit.is_empty() {
            text
        } else {
            format!("{text}{}{}", number::THIN, self.unit)
        }
    }

    /// Name and unit for an axis.
    fn title(self) -> String {
        if self.unit.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}, {}", self.name, self.unit)
        }
    }
}

/// Colour of a front.
const fn colour(objective: Objective) -> &'static str {
    match objective {
        Objective::Energy => "p2",
        Objective::Modules => "p3",
        Objective::RareEarths => "p4",
        Objective::Mass => "p5",
    }
}

/// Opens what shows a family: its colour, what links it to the rest, and its figures.
fn family_group(tradeoffs: &Tradeoffs, index: usize, attributes: &str) -> String {
    let is_on = |front: &&Front| front.points.iter().any(|point| point.family == index);
    let front = tradeoffs.fronts.iter().find(is_on);
    let class = match index {
        0 => "cheapest",
        _ => front.map_or("other", |front| colour(front.objective)),
    };
    let title = tradeoffs
        .families
        .get(index)
        .map_or_else(String::new, figures);
    format!(
        "<g class=\"{class}\" data-family=\"{index}\" {attributes}><title>{}</title>",
        escape(&title)
    )
}

fn figures(family: &TradedFamily) -> String {
    let mut text = Measure::COST.text(family.cost_eur);
    for objective in Objective::ALL {
        let measure = Measure::of(objective);
        text += &format!(
            "\n{}: {}",
            measure.name,
            measure.text(family.value(objective))
        );
    }
    text
}

/// Lowest and highest of some values; what is undefined is passed over.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let ends = (f64::INFINITY, f64::NEG_INFINITY);
    values.fold(ends, |(low, high), value| (low.min(value), high.max(value)))
}
