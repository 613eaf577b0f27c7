//! Whether anybody would rather leave, rule by rule.

use codrive_model::summary::CostSummary;

use crate::context::partner_name;
use crate::number;
use crate::page::{self, datum};
use crate::svg::escape;

/// The core test as a table; empty without rules.
pub(crate) fn table(cost: &CostSummary) -> String {
    if cost.study.splits.is_empty() {
        return String::new();
    }
    let names = |ids: &[String]| {
        let names: Vec<String> = ids.iter().map(|id| partner_name(id)).collect();
        escape(&names.join(" and "))
    };
    let rows: Vec<Vec<String>> = cost
        .study
        .splits
        .iter()
        .map(|check| {
            let nobody = check.worse_off.is_empty();
            vec![
                escape(&check.rule),
                if nobody {
                    "nobody".to_owned()
                } else {
                    names(&check.worse_off)
                },
                (if check.in_core { "yes" } else { "no" }).to_owned(),
                names(&check.unhappy),
                datum(
                    check.complaint_eur,
                    &number::signed(check.complaint_eur / 1e6, 1),
                ),
            ]
        })
        .collect();
    let head = page::heads(&[
        "Rule",
        "Worse off than alone",
        "In the core",
        "Most unhappy group",
        "Its complaint, M€",
    ]);
    format!(
        "<h3>Would anybody rather leave?</h3>{}<p class=\"note\">The complaint is what a group pays \
         above its cost on its own; below zero it gains at least that much by staying. A split is in the \
         core if no group complains.</p>",
        page::table("numbers", &head, &rows)
    )
}
