//! How the results came about, how healthy they are, what they rest on.

use std::collections::BTreeMap;

use codrive_model::flux_map::SectionResult;

use crate::context::Context;
use crate::number;
use crate::page::{self, Section, datum};
use crate::svg::escape;

/// Counts, solver health by section, assumptions, and what a partner can infer.
pub(crate) fn section(context: &Context<'_>) -> Section {
    let body = [
        counts(context),
        pruned(context),
        health(&context.data.sections),
        list(
            match context.reader() {
                None => "What each partner can infer from its report",
                Some(_) => "What can be inferred from this report",
            },
            "disclosure",
            &context.data.disclosure,
        ),
        assumptions(&context.data.assumptions),
        limits(),
    ];
    let title = "Method, health and honesty".to_owned();
    Section {
        id: "method",
        title,
        body: body.concat(),
    }
}

fn counts(context: &Context<'_>) -> String {
    let summary = &context.data.summary;
    let configurations = &summary.configurations;
    let left_out = configurations.pruned.values().sum();
    let rows = [
        ("Sections with a flux map", summary.sections_simulated),
        ("Field solutions", summary.operating_points_solved),
        ("Configurations evaluated", configurations.evaluated),
        (
            "Configurations feasible for an axle",
            configurations.feasible,
        ),
        ("Configurations left out before", left_out),
    ];
    let cells: String = rows
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(name, n)| {
            format!(
                "<div><dt>{name}</dt><dd>{}</dd></div>",
                datum(*n as f64, &number::count(*n))
            )
        })
        .collect();
    let versions = format!(
        "Written by codrive {}, results schema {}. Numbers are those of summary.json, \
         pictures are drawn from report-data.json beside it.",
        summary.codrive, summary.schema
    );
    format!(
        "<dl class=\"facts\">{cells}</dl>{}",
        page::paragraph(&versions)
    )
}

fn pruned(context: &Context<'_>) -> String {
    let configurations = &context.data.summary.configurations;
    let left_out = counted("Left out before evaluation because", &configurations.pruned);
    let in_selection = counted(
        "Uses on an axle that the selection left out because of",
        &configurations.left_out_in_selection,
    );
    left_out + &counted("Evaluated, but not known", &configurations.not_known) + &in_selection
}

/// A table of reasons and how many configurations each holds for; nothing where there are none.
fn counted(title: &str, reasons: &BTreeMap<String, usize>) -> String {
    if reasons.is_empty() {
        return String::new();
    }
    let head = page::heads(&[title, "Configurations"]);
    let rows: Vec<Vec<String>> = reasons
        .iter()
        .map(|(reason, n)| {
            vec![
                escape(&reason.replace('_', " ")),
                datum(*n as f64, &number::count(*n)),
            ]
        })
        .collect();
    page::table("numbers", &head, &rows)
}

fn health(sections: &[SectionResult]) -> String {
    if sections.is_empty() {
        return String::new();
    }
    let head = page::heads(&[
        "Section",
        "Unknowns",
        "Triangles",
        "Smallest angle",
        "Positions",
        "Points solved",
        "Not converged",
        "Iterations a point",
        "Worst residual",
        "Arkkio against dq torque",
    ]);
    let rows: Vec<Vec<String>> = sections.iter().map(health_row).collect();
    let note = page::paragraph(
        "Two torques are computed at every current: from the Maxwell stress in the air gap (Arkkio) \
         and from flux linkages (dq). The last column is their largest difference over the map, as \
         a fraction of the largest torque.",
    );
    format!(
        "<h3>Health of the field solutions</h3>{}{note}",
        page::table("numbers", &head, &rows)
    )
}

fn health_row(result: &SectionResult) -> Vec<String> {
    let health = &result.flux_map.health;
    let iterations = health.newton_iterations as f64 / health.operating_points.max(1) as f64;
    let whole = |n: usize| datum(n as f64, &number::count(n));
    vec![
        escape(&result.facts.id),
        whole(health.unknowns),
        whole(health.triangles),
        datum(
            health.smallest_angle_deg,
            &format!("{}°", number::fixed(health.smallest_angle_deg, 1)),
        ),
        whole(health.positions),
        whole(health.operating_points),
        whole(health.unconverged.len()),
        escape(&number::fixed(iterations, 1)),
        datum(health.worst_residual, &power_of_ten(health.worst_residual)),
        datum(
            health.arkkio_dq_deviation,
            &number::percent(health.arkkio_dq_deviation, 2),
        ),
    ]
}

/// A small number such as `3 × 10⁻⁹`, its exponent in true superscripts.
fn power_of_ten(value: f64) -> String {
    if !(value.is_finite() && value > 0.0) {
        return number::fixed(value, 0);
    }
    let text = format!("{value:.0e}");
    let (digit, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let superscript: String = exponent.chars().map(raised).collect();
    format!("{digit} × 10{superscript}")
}

fn raised(c: char) -> char {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    c.to_digit(10)
        .and_then(|d| DIGITS.get(d as usize).copied())
        .unwrap_or('⁻')
}

fn list(title: &str, id: &str, texts: &[String]) -> String {
    if texts.is_empty() {
        return String::new();
    }
    let items: String = texts
        .iter()
        .map(|text| format!("<li>{}</li>", escape(text)))
        .collect();
    format!(
        "<h3 id=\"{id}\">{}</h3><ul class=\"plain\">{items}</ul>",
        escape(title)
    )
}

/// Assumptions, those with the same words once, folded away where they are many.
fn assumptions(texts: &[String]) -> String {
    const UNFOLDED: usize = 12;
    if texts.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = by_text(texts)
        .iter()
        .map(|(sources, text)| vec![escape(&sources.join(", ")), escape(text)])
        .collect();
    let table = page::table("words", &page::heads(&["Stated for", "Assumption"]), &rows);
    let body = if rows.len() > UNFOLDED {
        page::folded(&number::plural(rows.len(), "assumption"), &table)
    } else {
        table
    };
    format!("<h3 id=\"assumptions\">Assumptions stated in the input files</h3>{body}")
}

/// Sources by text, in the order of the texts; `source: text` is split at its first colon.
fn by_text(texts: &[String]) -> Vec<(Vec<String>, &str)> {
    let mut found: Vec<(Vec<String>, &str)> = Vec::new();
    for line in texts {
        let (source, text) = line.split_once(": ").unwrap_or(("", line));
        match found.iter_mut().find(|(_, known)| *known == text) {
            Some((sources, _)) => {
                // `section a`, `section b` read as `section a, b`.
                let kind = sources[0].split_once(' ').map_or("", |(kind, _)| kind);
                let name = source.strip_prefix(kind).unwrap_or(source);
                sources.push(name.trim_start().to_owned());
            }
            None => found.push((vec![source.to_owned()], text)),
        }
    }
    found
}

fn limits() -> String {
    let text = "A prediction of a part on a test bench. Fields are two-dimensional \
                and magnetostatic, gears, heat and rotor stress are at concept level, prices and \
                investments carry the uncertainty of their sources. Requirements are lower bounds \
                that each partner may exceed; nothing here is a limit for anybody's product.";
    format!("<h3>What it is not</h3>{}", page::paragraph(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_assumption_is_written_once() {
        let texts = [
            "section a: sharp",
            "car: 250 W",
            "section b: sharp",
            "plain",
        ];
        let texts: Vec<String> = texts.map(str::to_owned).to_vec();
        let rows = by_text(&texts);
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0].0.join(", "), "section a, b");
        assert_eq!(rows[2], (vec![String::new()], "plain"));
    }

    #[test]
    fn small_numbers_are_powers_of_ten() {
        assert_eq!(power_of_ten(3.1e-9), "3 × 10⁻⁹");
        assert_eq!(power_of_ten(0.0), "0");
        assert_eq!(power_of_ten(f64::NAN), "–");
    }
}
