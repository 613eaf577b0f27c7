//! Private wishes as constraints, and what each costs.

use codrive_model::family::{FamilyProblem, ModuleKind};

use crate::check::FamilyError;
use crate::search::{Options, solve};

/// What a partner insists on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The partner shares no module of a kind.
    Own {
        /// Whose wish.
        partner: usize,
        /// The kind.
        kind: ModuleKind,
    },
    /// The partner takes none of some modules: those of a technology, say.
    Without {
        /// Whose wish.
        partner: usize,
        /// The modules, by index.
        modules: Vec<usize>,
    },
}

/// The problem under wishes: a partner leaves the lines that it must not use.
#[must_use]
pub fn under(problem: &FamilyProblem, wishes: &[Wish]) -> FamilyProblem {
    let mut result = problem.clone();
    for wish in wishes {
        for (index, module) in result.modules.iter_mut().enumerate() {
            let kind = module.kind;
            for line in &mut module.lines {
                let joint = line.is_joint();
                let (partner, leaves) = match wish {
                    Wish::Own { partner, kind: own } => (*partner, joint && kind == *own),
                    Wish::Without { partner, modules } => (*partner, modules.contains(&index)),
                };
                line.deliveries
                    .retain(|to| !(leaves && to.partner == partner));
            }
        }
    }
    result
}

/// What wishes cost: the least and the most that the true optima's difference can be, EUR.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// Cost of the family found with the wishes minus that of the one without, EUR.
    pub eur: f64,
    /// The price is at least this, EUR.
    pub least_eur: f64,
    /// And at most this, EUR.
    pub most_eur: f64,
}

/// The price of wishes.
///
/// # Errors
/// As [`solve`]: with the wishes nothing may serve some vehicle.
pub fn price(
    problem: &FamilyProblem,
    wishes: &[Wish],
    options: &Options,
) -> Result<Price, FamilyError> {
    let free = solve(problem, options)?;
    let bound = solve(&under(problem, wishes), options)?;
    Ok(Price {
        eur: bound.cost_eur - free.cost_eur,
        least_eur: (bound.lower_bound_eur - free.cost_eur).max(0.0),
        most_eur: bound.cost_eur - free.lower_bound_eur,
    })
}
