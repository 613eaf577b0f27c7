//! The page of a car: what it reaches, and every picture with its caption.

use codrive_model::driven_car::DrivenCar;

use super::Figure;
use crate::number;
use crate::page::{self, Masthead, Section, heads, table};
use crate::quantity::Quantity;
use crate::svg::escape;

/// 0 °C, K.
const ZERO_CELSIUS_K: f64 = 273.15;

/// The whole page.
pub(super) fn document(car: &DrivenCar, figures: &[Figure]) -> String {
    let mut sections = vec![Section {
        id: "figures",
        title: "What it reaches".to_owned(),
        body: format!("{}{}", targets(car), consumption(car)),
    }];
    for (id, title, ends) in [
        ("trace", "Step by step", &["-trace.svg"][..]),
        ("flow", "From the wall to the road", &["-flow.svg"]),
        (
            "map",
            "Where on the map the energy lies",
            &["-map-front.svg", "-map-rear.svg"],
        ),
        ("acceleration", "Acceleration", &["acceleration.svg"]),
        ("range", "Range over speed", &["range.svg"]),
    ] {
        let shown = |figure: &&Figure| ends.iter().any(|end| figure.file.ends_with(end));
        let body: String = figures
            .iter()
            .filter(shown)
            .map(|figure| page::figure(&figure.picture.inline(), &figure.caption))
            .collect();
        if !body.is_empty() {
            let title = title.to_owned();
            sections.push(Section { id, title, body });
        }
    }
    sections.extend(page::assumptions(&car.assumptions));
    page::document(&masthead(car), &sections)
}

fn masthead(car: &DrivenCar) -> Masthead {
    let axles: Vec<&str> = car.axles.iter().map(|axle| axle.axle.word()).collect();
    let split = car.axle_split.as_ref().map(|split| format!(", {split}"));
    let answer = format!(
        "Driven on the {} axle{}{}; maps of the units at {}, air and tyres at {}.",
        axles.join(" and "),
        if axles.len() > 1 { "s" } else { "" },
        split.unwrap_or_default(),
        number::with_unit(car.dc_voltage_v, 0, "V DC"),
        number::with_unit(car.ambient_k - ZERO_CELSIUS_K, 0, "°C")
    );
    Masthead {
        kicker: "Vehicle".to_owned(),
        title: car.name.clone(),
        answer: format!("<p class=\"answer\">{}</p>", escape(&answer)),
    }
}

fn targets(car: &DrivenCar) -> String {
    let rows: Vec<Vec<String>> = car
        .results
        .targets
        .iter()
        .map(|judged| {
            let met = if judged.ok() { "met" } else { "missed" };
            let quantity = Quantity::of(judged.target.name());
            vec![
                escape(&quantity.name),
                quantity.shown(judged.value),
                quantity.shown(judged.asked),
                format!("{met}, {}", number::signed_percent(judged.margin, 1)),
            ]
        })
        .collect();
    table(
        "figures",
        &heads(&["Target", "Reached", "Asked", "Margin"]),
        &rows,
    )
}

fn consumption(car: &DrivenCar) -> String {
    let rows: Vec<Vec<String>> = car
        .results
        .cycles
        .iter()
        .map(|cycle| {
            vec![
                cycle.cycle.clone(),
                number::with_unit(cycle.battery_wh_per_km, 1, "Wh/km"),
                number::with_unit(cycle.wall_wh_per_km, 1, "Wh/km"),
                number::with_unit(cycle.range_km, 0, "km"),
                match cycle.trace_violations {
                    0 => "yes".to_owned(),
                    steps => format!("not in {steps} steps"),
                },
            ]
        })
        .collect();
    let head = [
        "Cycle",
        "From the battery",
        "From the wall",
        "Range",
        "Followed",
    ];
    table("figures", &heads(&head), &rows)
}
