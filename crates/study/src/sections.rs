//! The field stage: every section's flux map, from the cache or solved.

use codrive_field::map::MapPlan;
use codrive_model::flux_map::{SectionResult, Unconverged};
use codrive_model::programme::FieldPlan;
use rayon::prelude::*;

use crate::cache::{Cache, Found, hash};
use crate::error::StudyError;
use crate::inputs::SectionInput;
use crate::progress::Progress;

/// Changes whenever the field solver's results change, so that old cache entries are not used.
const FIELD_REVISION: &str = concat!(env!("CARGO_PKG_VERSION"), "-13");

/// The same of maps for skewed rotors.
const TURNED_REVISION: &str = concat!(env!("CARGO_PKG_VERSION"), "-14");

/// Solves every section, several side by side; finished ones are kept in the cache at once.
///
/// # Errors
/// A section that cannot be solved or does not converge, a file that cannot be written, a stop.
pub fn solve_all(
    inputs: &[SectionInput],
    plan: FieldPlan,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<Vec<SectionResult>, StudyError> {
    progress.stage("sections", inputs.len());
    let one = |input: &SectionInput| {
        if progress.cancelled() {
            return Err(StudyError::Cancelled);
        }
        let result = solve_or_find(input, plan, cache, progress)?;
        progress.done(1);
        Ok(result)
    };
    // Of several that fail the first is told, whichever was found first.
    let results: Vec<Result<SectionResult, StudyError>> = inputs.par_iter().map(one).collect();
    results.into_iter().collect()
}

/// One section, from the cache or solved and kept.
///
/// # Errors
/// As [`solve_all`].
pub fn solve_or_find(
    input: &SectionInput,
    plan: FieldPlan,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<SectionResult, StudyError> {
    solve_turned(input, plan, 0.0, cache, progress)
}

/// As [`solve_or_find`], on a map that holds every current turned by up to an electrical angle.
///
/// # Errors
/// As [`solve_all`].
pub fn solve_turned(
    input: &SectionInput,
    plan: FieldPlan,
    turn_el_rad: f64,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<SectionResult, StudyError> {
    let key = key(input, plan, turn_el_rad);
    match cache.find("section", &key) {
        Found::Whole(result) => return Ok(result),
        Found::Damaged(path) => {
            progress.note(&format!(
                "{} is damaged and is computed again",
                path.display()
            ));
        }
        Found::Nothing => {}
    }
    let result = solve(input, plan, turn_el_rad)?;
    cache.keep("section", &key, &result)?;
    Ok(result)
}

fn key(input: &SectionInput, plan: FieldPlan, turn_el_rad: f64) -> String {
    // A unit is solved with magnets of other temperatures than its section's file says.
    let hot = input.section.magnet_temperature_k;
    let materials = format!(
        "{:?}{:?}{hot}{plan:?}{turn_el_rad}",
        input.steel, input.magnet
    );
    let revision = if turn_el_rad > 0.0 {
        TURNED_REVISION
    } else {
        FIELD_REVISION
    };
    hash(&[
        revision.as_bytes(),
        input.source.text.as_bytes(),
        materials.as_bytes(),
    ])
}

fn solve(
    input: &SectionInput,
    plan: FieldPlan,
    turn_el_rad: f64,
) -> Result<SectionResult, StudyError> {
    let failed = |reason: String| StudyError::Section {
        section: input.section.id.clone(),
        reason,
    };
    let plan = MapPlan {
        n_d: plan.currents_d,
        n_q: plan.currents_q,
        positions: plan.positions,
        turn_el_rad,
        short_circuit: true,
        ..MapPlan::default()
    };
    let result = codrive_field::map::solve_section(
        &input.section,
        &input.steel,
        &input.magnet,
        &plan,
        &|_, _| {},
    )
    .map_err(|error| failed(error.to_string()))?;
    match not_converged(&result.flux_map.health.unconverged) {
        None => Ok(result),
        Some(reason) => Err(failed(reason)),
    }
}

/// How many points did not converge, and what the first of them went through.
fn not_converged(points: &[Unconverged]) -> Option<String> {
    let first = points.first()?;
    let steps: Vec<String> = first.residuals.iter().map(|r| format!("{r:.0e}")).collect();
    Some(format!(
        "{} operating points did not converge; the first at i_d = {:.0} A, i_q = {:.0} A (ampere-conductors \
         per slot, peak), {:.0} electrical degrees, residuals {}",
        points.len(),
        first.i_d_a,
        first.i_q_a,
        first.angle_el_deg,
        steps.join(" ")
    ))
}
