//! The same problem for fewer partners.

use codrive_model::family::FamilyProblem;

/// A problem for some of the partners. Partners, sites, modules, lines, splits and columns keep their
/// indices; vehicles are counted anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Restricted {
    /// The problem.
    pub problem: FamilyProblem,
    /// For each of its vehicles the index in the whole problem.
    pub vehicles: Vec<usize>,
}

/// Leaves out the vehicles, plants and deliveries of everyone who is not in the coalition.
#[must_use]
pub fn restrict(problem: &FamilyProblem, coalition: &[usize]) -> Restricted {
    let mut result = problem.clone();
    let member = |partner: usize| coalition.contains(&partner);
    let of_members = |index: &usize| member(problem.vehicles[*index].partner);
    let vehicles: Vec<usize> = (0..problem.vehicles.len()).filter(of_members).collect();
    result.vehicles = vehicles
        .iter()
        .map(|index| problem.vehicles[*index].clone())
        .collect();
    for line in result
        .modules
        .iter_mut()
        .flat_map(|module| &mut module.lines)
    {
        let host = member(line.host);
        line.deliveries.retain(|to| host && member(to.partner));
    }
    Restricted {
        problem: result,
        vehicles,
    }
}
