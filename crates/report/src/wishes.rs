//! What private wishes cost, for whoever may know.

use codrive_model::summary::CostSummary;

use crate::context::partner_name;
use crate::number;
use crate::page::{self, datum};
use crate::svg::escape;

/// The prices as a table; empty without wishes.
pub(crate) fn table(cost: &CostSummary) -> String {
    if cost.study.wishes.is_empty() {
        return String::new();
    }
    let is_whole = cost.share_band.is_empty();
    let million = |eur: f64| datum(eur, &number::fixed(eur / 1e6, usize::from(is_whole)));
    let rows: Vec<Vec<String>> = cost
        .study
        .wishes
        .iter()
        .map(|price| {
            vec![
                escape(&partner_name(&price.partner)),
                escape(&price.wish),
                million(price.eur),
                million(price.least_eur),
                million(price.most_eur),
            ]
        })
        .collect();
    let head = page::heads(&[
        "Whose wish",
        "Wish",
        "Its price, M€",
        "proven at least",
        "at most",
    ]);
    let rounded = if is_whole {
        ""
    } else {
        " Rounded for release, what is proven outwards."
    };
    format!(
        "<h3>What private wishes cost</h3>{}<p class=\"note\">A wish is a constraint of one partner on the \
         joint family. Its price is the joint cost with it minus that without it, all other wishes kept.{rounded}</p>",
        page::table("numbers", &head, &rows)
    )
}
