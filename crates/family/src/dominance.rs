//! Modules that another replaces everywhere at no more cost: no optimum needs them.
//!
//! m′ replaces m if every column with m has a twin with m′ in its place and no higher direct cost,
//! and every line of m has a line of m′ that serves at least the same partners and costs no more
//! at any volume. Moving all use of m to m′ then costs no more: its lines are subadditive.

use std::collections::BTreeMap;

use codrive_model::family::{Capacity, FamilyProblem, Line, ModuleKind};
use codrive_model::money::ScaleCurve;

use crate::compact::Compact;
use crate::counts::KINDS;

/// Removes the columns of replaced modules; returns how many.
pub(crate) fn remove_replaced(problem: &FamilyProblem, compact: &mut Compact) -> usize {
    let before = compact.columns();
    let mut removed = vec![false; problem.modules.len()];
    let twins = Twins::new(compact);
    for kind in [
        ModuleKind::Machine,
        ModuleKind::Inverter,
        ModuleKind::GearSet,
    ] {
        let place = ModuleKind::ALL.iter().position(|k| *k == kind).unwrap_or(0);
        let of_kind = |m: &usize| problem.modules[*m].kind == kind && twins.used(*m);
        let modules: Vec<usize> = (0..problem.modules.len()).filter(of_kind).collect();
        for old in &modules {
            let replaces = |new: &&usize| {
                *new != old
                    && !removed[**new]
                    && capacity_costs_no_more(
                        &problem.modules[**new].capacity,
                        &problem.modules[*old].capacity,
                    )
                    && lines_cost_no_more(
                        &problem.modules[**new].lines,
                        &problem.modules[*old].lines,
                    )
                    && twins.all_cheaper(place, *old, **new)
            };
            removed[*old] = modules.iter().find(replaces).is_some();
        }
        compact.retain(|_, _, _, c| !removed[c.modules[place] as usize]);
    }
    before - compact.columns()
}

/// Direct costs by list and modules, and each module's columns.
struct Twins {
    lists: Vec<BTreeMap<[u32; KINDS], f64>>,
    /// For each module its list, modules and direct cost, for each column.
    columns: Vec<Vec<(usize, [u32; KINDS], f64)>>,
}

impl Twins {
    fn new(compact: &Compact) -> Self {
        let mut columns = vec![Vec::new(); compact.modules];
        let mut lists = Vec::new();
        for list in compact.ways().flat_map(|way| &way.lists) {
            for column in list {
                for module in column.modules {
                    columns[module as usize].push((lists.len(), column.modules, column.direct));
                }
            }
            lists.push(
                list.iter()
                    .map(|column| (column.modules, column.direct))
                    .collect(),
            );
        }
        Self { lists, columns }
    }

    fn used(&self, module: usize) -> bool {
        !self.columns[module].is_empty()
    }

    fn all_cheaper(&self, place: usize, old: usize, new: usize) -> bool {
        self.columns[old].iter().all(|(list, modules, direct)| {
            let mut twin = *modules;
            #[allow(clippy::cast_possible_truncation)]
            let new = new as u32;
            twin[place] = new;
            self.lists[*list]
                .get(&twin)
                .is_some_and(|other| other <= direct)
        })
    }
}

fn capacity_costs_no_more(new: &Capacity, old: &Capacity) -> bool {
    new.step_units_per_year == old.step_units_per_year
        && new.used_eur_per_unit <= old.used_eur_per_unit
        && new.idle_eur_per_unit <= old.idle_eur_per_unit
}

fn lines_cost_no_more(new: &[Line], old: &[Line]) -> bool {
    old.iter()
        .all(|old| new.iter().any(|new| line_costs_no_more(new, old)))
}

fn line_costs_no_more(new: &Line, old: &Line) -> bool {
    line_costs_no_more_but_transport(new, old)
        && old.deliveries.iter().all(|to| {
            let delivery = new.delivery(to.site);
            delivery.is_some_and(|d| d.logistics_eur_per_unit <= to.logistics_eur_per_unit)
        })
}

/// Development, tools and conversion.
pub(crate) fn line_costs_no_more_but_transport(new: &Line, old: &Line) -> bool {
    new.development_eur <= old.development_eur
        && new.tooling_eur <= old.tooling_eur
        && curve_costs_no_more(new.conversion, old.conversion)
}

/// Whether one curve lies nowhere above the other; said only of equal exponents.
pub(crate) fn curve_costs_no_more(new: ScaleCurve, old: ScaleCurve) -> bool {
    let factor = |c: ScaleCurve| c.reference_eur * c.reference_units.powf(c.exponent);
    new.reference_eur == 0.0
        || (new.exponent == old.exponent
            && (if new.exponent == 0.0 {
                new.reference_eur <= old.reference_eur
            } else {
                factor(new) <= factor(old)
            }))
}
