//! Figures with their ranges, what each unknown does alone, and neighbouring numbers of turns.

use codrive_model::unit_map::{Figure, UnitMap, Unknown, UnknownCase};

use crate::number::{self, rpm};
use crate::page::{self, Section};
use crate::svg::escape;

/// The parts of the page that hold them; none where nothing is unknown.
pub(super) fn sections(map: &UnitMap) -> Vec<Section> {
    let mut sections = Vec::new();
    if !map.figures.unknowns.is_empty() {
        sections.push(Section {
            id: "figures",
            title: "What is not known, and what it does".to_owned(),
            body: [RANGES, &ranges(map), ALONE, &alone(map)].concat(),
        });
    }
    if !map.windings.is_empty() {
        sections.push(Section {
            id: "turns",
            title: "Turns in series".to_owned(),
            body: [TURNS, &turns(map)].concat(),
        });
    }
    sections
}

const RANGES: &str = "<p>Best estimates, and between which values they lie over all unknowns: each alone, and those \
     that lower (raise) the figure together.</p>";
const ALONE: &str = "<p>Each unknown alone, the others as assumed:</p>";
const TURNS: &str = "<p>Neighbouring numbers of turns in the same slots, at the same DC voltage and current. More turns \
     give more torque per ampere and need more voltage per speed; the highest speed falls where the back-EMF would \
     exceed what the switches block.</p>";

/// A figure without its unit.
fn value(figure: &Figure, value: f64) -> String {
    number::fixed(value, usize::from(figure.unit != "rpm"))
}

fn ranges(map: &UnitMap) -> String {
    let row = |figure: &Figure| {
        let [low, high] = figure.range;
        let name = format!("{}, {}", escape(&figure.name), escape(&figure.unit));
        vec![
            name,
            value(figure, figure.best),
            value(figure, low),
            value(figure, high),
        ]
    };
    let rows: Vec<Vec<String>> = map.figures.figures.iter().map(row).collect();
    let head = page::heads(&["", "Best estimate", "From", "To"]);
    page::table("numbers", &head, &rows)
}

fn alone(map: &UnitMap) -> String {
    let figures = &map.figures.figures;
    let name = |figure: &Figure| escape(&format!("{}, {}", figure.name, figure.unit));
    let head: Vec<String> = std::iter::once(String::new())
        .chain(figures.iter().map(name))
        .collect();
    let row = |unknown: &Unknown, case: &UnknownCase| {
        let Unknown { name, assumed, .. } = unknown;
        let values = figures.iter().zip(&case.figures);
        let values = values.map(|(figure, number)| value(figure, *number));
        let first = escape(&format!("{name}: {} instead of {assumed}", case.value));
        std::iter::once(first).chain(values).collect()
    };
    let unknowns = &map.figures.unknowns;
    let pairs = unknowns
        .iter()
        .flat_map(|unknown| unknown.cases.iter().map(move |case| (unknown, case)));
    let rows: Vec<Vec<String>> = pairs.map(|(unknown, case)| row(unknown, case)).collect();
    let source = |unknown: &Unknown| {
        let Unknown { name, source, .. } = unknown;
        format!("<li>{}</li>", escape(&format!("{name}: {source}")))
    };
    let sources: String = unknowns.iter().map(source).collect();
    let table = page::table("numbers", &head, &rows);
    format!("{table}<p>Why:</p><ul class=\"plain\">{sources}</ul>")
}

fn turns(map: &UnitMap) -> String {
    let rows: Vec<Vec<String>> = map
        .windings
        .iter()
        .map(|w| {
            let own = w.winding == map.unit.configuration.machine.winding;
            let turns = number::fixed(w.turns, 0);
            vec![
                if own {
                    format!("<b>{turns}</b>")
                } else {
                    turns
                },
                format!(
                    "{} × {}",
                    w.winding.conductors_per_slot, w.winding.parallel_paths
                ),
                number::fixed(w.peak_torque_nm, 1),
                number::fixed(1e-3 * w.peak_power_w, 1),
                number::fixed(rpm(w.peak_power_speed_rad_per_s), 0),
                number::fixed(rpm(w.top_speed_rad_per_s), 0),
                number::fixed(1e-3 * w.power_at_top_w, 1),
            ]
        })
        .collect();
    let head = page::heads(&[
        "Turns in series",
        "Conductors per slot × paths",
        "Peak torque, Nm",
        "Peak power, kW",
        "at rpm",
        "Highest speed, rpm",
        "Power there, kW",
    ]);
    page::table("numbers", &head, &rows)
}
