//! Recomputes every validation case and writes the page of results.
//!
//! A case lives in `validation/<id>/`: `case.toml` says what is compared, with citation, tolerance
//! and why; reference data lies beside it. The code here recomputes ours and compares.

mod cars;
mod case;
mod cycles;
mod field;
mod losses;
mod money;
mod parts;
mod units;

use std::fmt::Write as _;
use std::path::Path;

use crate::error::StudyError;
use crate::progress::Progress;

pub use case::{CaseResult, Check, Table};

type CaseFn = fn(&Path, &dyn Progress) -> Result<CaseResult, StudyError>;

/// Every case, in the order of the page.
const CASES: &[CaseFn] = &[
    field::slotless_magnet,
    field::convergence_p1,
    field::convergence_p2,
    field::prius_point,
    field::prius_map,
    field::torque_over_angle,
    field::torque_published,
    field::prius_no_load,
    field::bmw_i3,
    losses::prius_losses,
    parts::inverter_losses,
    parts::gear_losses,
    parts::gear_sizing,
    units::bmw_i3_unit,
    units::jaguar_i_pace_unit,
    cycles::lengths,
    cars::acceleration,
    cars::epa_consumption,
    cars::range,
    money::unit_cost,
];

/// Recomputes every case.
///
/// # Errors
/// A case cannot be computed at all, or the user stopped.
pub fn validate(cache: &Path, progress: &dyn Progress) -> Result<Vec<CaseResult>, StudyError> {
    progress.stage("validation", CASES.len());
    let mut results = Vec::with_capacity(CASES.len());
    for case in CASES {
        if progress.cancelled() {
            return Err(StudyError::Cancelled);
        }
        results.push(case(cache, progress)?);
        progress.done(1);
    }
    Ok(results)
}

/// One line per check, for a terminal.
#[must_use]
pub fn lines(results: &[CaseResult]) -> Vec<String> {
    let mut lines = Vec::new();
    for case in results {
        lines.push(format!("{} {}", case.verdict(), case.file.title));
        for check in &case.checks {
            lines.push(format!(
                "    {:<5} {:<44} published {:>12} ours {:>12} ({}, allowed {})",
                check.verdict(),
                check.what,
                check.number(check.reference),
                check.ours_text(),
                check.deviation_text(),
                check.allowed_text(),
            ));
        }
        for table in &case.tables {
            let rows = std::iter::once(&table.head).chain(&table.rows);
            lines.push(format!("    {}", table.caption));
            lines.extend(rows.map(|row| format!("          {}", row.join(", "))));
        }
    }
    lines
}

/// The page `docs/validation.md`: rounded, without timings, so that it changes only with results.
#[must_use]
pub fn page(results: &[CaseResult]) -> String {
    let mut page = String::from(
        "# Validation\n\nWritten by `codrive validate`; do not edit. Each row compares a published figure, \
         or a solution by another program, with what this version computes. A row outside its tolerance \
         is printed as it is; the case then says why, as far as known.\n",
    );
    let passed = results
        .iter()
        .flat_map(|case| &case.checks)
        .filter(|check| check.passed())
        .count();
    let all = results.iter().map(|case| case.checks.len()).sum::<usize>();
    let _ = write!(
        page,
        "\n{passed} of {all} rows lie within their tolerance.\n"
    );
    for case in results {
        write_case(&mut page, case);
    }
    page
}

fn write_case(page: &mut String, case: &CaseResult) {
    let file = &case.file;
    let _ = write!(
        page,
        "\n## {}\n\n{}\n\nSource: {}\n\nTolerance: {} Why: {}\n\n\
         | | Reference | Ours | Deviation | Allowed | |\n|---|---:|---:|---:|---:|---|\n",
        file.title, file.quantity, file.citation, file.tolerance, file.reason
    );
    for check in &case.checks {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            check.what,
            check.number(check.reference),
            check.ours_text(),
            check.deviation_text(),
            check.allowed_text(),
            check.verdict()
        );
    }
    for table in &case.tables {
        let rule = "---|".repeat(table.head.len());
        let _ = write!(page, "\n{}\n\n", table.caption);
        let _ = writeln!(page, "| {} |\n|{rule}", table.head.join(" | "));
        for row in &table.rows {
            let _ = writeln!(page, "| {} |", row.join(" | "));
        }
    }
    if let Some(reason) = &file.declared_miss {
        let _ = write!(page, "\nDeclared miss: {reason}\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    /// The cases of parts need no field: they are judged at every test.
    #[test]
    fn parts_pass_or_say_why_not() {
        let nowhere = Path::new("");
        for case in [
            parts::inverter_losses,
            parts::gear_losses,
            parts::gear_sizing,
            money::unit_cost,
        ] {
            let result = case(nowhere, &Silent).unwrap();
            for line in lines(std::slice::from_ref(&result)) {
                println!("{line}");
            }
            assert!(result.acceptable(), "{}", result.file.title);
            assert!(result.checks.iter().all(|check| check.ours.is_finite()));
        }
    }
}
