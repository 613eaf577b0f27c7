//! Lengths of the shipped cycles against the law's.

use std::path::Path;

use super::case::{Allowed, CaseResult, Check, rows};
use crate::error::StudyError;
use crate::fleet::shipped_cycle;
use crate::progress::Progress;

pub(super) fn lengths(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let mut checks = Vec::new();
    for row in rows("cycle-lengths", "reference.csv")? {
        let cycle = shipped_cycle(row.text(0))?;
        let length = Allowed::Absolute(row.number(2));
        let km = cycle.distance_m() * 1e-3;
        checks.push(Check::new(
            format!("{} length", row.text(0)),
            "km",
            row.number(1),
            km,
            length,
        ));
    }
    CaseResult::new("cycle-lengths", checks)
}
