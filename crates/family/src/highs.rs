//! The selection by HiGHS (Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5) on the program written
//! out.

use ::highs::{Col, HighsModelStatus, RowProblem, Sense};
use codrive_model::family::{Effort, FamilyProblem, FamilySolution};

use crate::check::{FamilyError, check};
use crate::compact::Compact;
use crate::cost::Costing;
use crate::mip::{EUR, Knots, Program, program};
use crate::search::Options;

/// Most programs solved one after the other.
const MOST_PROGRAMS: usize = 200;

/// Each is solved to this part of the gap at most.
const PART_OF_GAP: f64 = 0.25;

/// HiGHS decides to a millionth: no smaller difference is waited for.
const TOLERANCE: f64 = 1e-6;

/// Selects the family that costs least. Every curve starts as one chord; where the true cost of HiGHS's family is not
/// within the gap of its bound, each line that HiGHS let make something gets a knot at how much, which makes this answer's
/// cost in the program exact. If no knot is new, HiGHS's own gap is halved.
///
/// # Errors
/// The problem is impossible, or HiGHS gave up.
pub(crate) fn solve(
    problem: &FamilyProblem,
    options: &Options,
) -> Result<FamilySolution, FamilyError> {
    check(problem)?;
    let compact = Compact::new(problem);
    if let Some(v) = compact.unserved() {
        return Err(FamilyError::Unserved {
            vehicle: problem.vehicles[v].name.clone(),
        });
    }
    let unavoidable_eur = compact.unavoidable_eur(problem);
    let (mut knots, mut relative_gap) = (Knots::even(1), PART_OF_GAP * options.gap);
    for _ in 0..MOST_PROGRAMS {
        let program = program(problem, &knots)?;
        let (values, bound_eur) = answer(&program, relative_gap)?;
        let choices = program.choices(&values)?;
        let costing = Costing::new(problem, &compact, &choices)?;
        let cost_eur = costing.cost_eur();
        let enough = options.allowed_eur(cost_eur, unavoidable_eur);
        if cost_eur - bound_eur <= enough.max(TOLERANCE * cost_eur.abs()) {
            return Ok(FamilySolution {
                released: costing.released(),
                assembled: costing.assembled(),
                choices,
                cost_eur,
                lower_bound_eur: bound_eur.min(cost_eur),
                unavoidable_eur,
                effort: Effort {
                    columns: compact.columns(),
                    ..Effort::default()
                },
            });
        }
        let volumes = program.volumes(&values).into_iter();
        let add = |new, ((module, line), units)| knots.add(module, line, units) || new;
        if !volumes.fold(false, add) {
            relative_gap *= 0.5;
        }
    }
    Err(failed(format!("{MOST_PROGRAMS} programs were not enough")))
}

/// Solves a program to a relative gap: the variables' values, and the bound in EUR.
fn answer(program: &Program, relative_gap: f64) -> Result<(Vec<f64>, f64), FamilyError> {
    let mut model = rows(program).optimise(Sense::Minimise);
    model.make_quiet();
    model.set_option("mip_rel_gap", relative_gap);
    model.set_option("threads", 1);
    let solved = model
        .try_solve()
        .map_err(|status| failed(format!("{status:?}")))?;
    if solved.status() != HighsModelStatus::Optimal {
        return Err(failed(format!("{:?}", solved.status())));
    }
    let bound = solved
        .double_info_value(c"mip_dual_bound")
        .map_err(|status| failed(format!("{status:?}")))?;
    Ok((solved.get_solution().columns().to_vec(), bound / EUR))
}

fn rows(program: &Program) -> RowProblem {
    let mut problem = RowProblem::new();
    let bounds = program.most.iter().zip(&program.whole);
    let variables = program.costs.iter().zip(bounds);
    let columns: Vec<Col> = variables
        .map(|(cost, (most, whole))| {
            problem.add_column_with_integrality(*cost, 0.0..=*most, *whole)
        })
        .collect();
    for row in &program.rows {
        let least = if row.equal {
            row.right
        } else {
            f64::NEG_INFINITY
        };
        let terms = row.terms.iter().map(|(v, value)| (columns[*v], *value));
        problem.add_row(least..=row.right, terms.collect::<Vec<_>>());
    }
    problem
}

fn failed(message: String) -> FamilyError {
    FamilyError::Solver { message }
}
