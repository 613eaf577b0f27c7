//! Whether anybody would rather leave, rule by rule.

use std::collections::BTreeMap;

use codrive_model::money_study::GroupCost;
use codrive_model::summary::CostSummary;

use crate::context::{listed, partner_name};
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
        escape(&listed(&names))
    };
    let rows: Vec<Vec<String>> = cost
        .study
        .splits
        .iter()
        .map(|check| {
            let unhappy = if both_save_the_same(cost, &check.rule) {
                "both alike".to_owned()
            } else {
                names(&check.unhappy)
            };
            let nobody = check.worse_off.is_empty();
            vec![
                escape(&check.rule),
                if nobody {
                    "nobody".to_owned()
                } else {
                    names(&check.worse_off)
                },
                (if check.in_core { "yes" } else { "no" }).to_owned(),
                unhappy,
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
         core if no group complains. Where several groups complain alike, one stands for them.</p>{}",
        page::table("numbers", &head, &rows),
        groups(cost)
    )
}

/// Whether a rule leaves two partners equally content, to the euro.
fn both_save_the_same(cost: &CostSummary, rule: &str) -> bool {
    let pays = cost.other_shares_eur.get(rule).unwrap_or(&cost.share_eur);
    let saves: Vec<f64> = cost
        .alone_eur
        .iter()
        .filter_map(|(id, alone)| Some(alone - pays.get(id)?))
        .collect();
    matches!(saves[..], [a, b] if (a - b).abs() < 1.0)
}

/// What every group of three or more partners costs on its own; of two it stands in the split.
fn groups(cost: &CostSummary) -> String {
    if cost.alone_eur.len() < 3 || cost.study.groups.is_empty() {
        return String::new();
    }
    let million = |eur: f64| datum(eur, &number::fixed(eur / 1e6, 1));
    let row = |group: &GroupCost| {
        let sum = |of: &BTreeMap<String, f64>| -> f64 {
            group.partners.iter().filter_map(|id| of.get(id)).sum()
        };
        let names: Vec<String> = group.partners.iter().map(|id| partner_name(id)).collect();
        vec![
            escape(&listed(&names)),
            million(group.cost_eur),
            million(group.lower_bound_eur),
            million(sum(&cost.alone_eur) - group.cost_eur),
            million(sum(&cost.share_eur)),
        ]
    };
    let rows: Vec<Vec<String>> = cost.study.groups.iter().map(row).collect();
    let head = page::heads(&[
        "Group",
        "On its own, M€",
        "proven no less than",
        "saves against each alone",
        "pays with all, by the Shapley value",
    ]);
    page::folded(
        "What every group costs on its own",
        &page::table("numbers wrap", &head, &rows),
    )
}
