//! The cheapest columns for the two axles of a vehicle, which may share modules with each other.

use std::collections::HashMap;

use crate::compact::Col;
use crate::counts::KINDS;

/// What modules add to the cost by serving the axles of a pair at a site.
pub(crate) struct Margins {
    /// The front axle.
    pub front: Vec<f64>,
    /// The rear axle, if the front does not use the module.
    pub alone: Vec<f64>,
    /// The rear axle, if the front does.
    pub shared: Vec<f64>,
}

/// For each kind whether both axles use the same module; the site is the same in any case.
type Common = [bool; KINDS];

impl Margins {
    /// The cheapest columns of both axles that cost less than so much, with their cost.
    ///
    /// Whatever kinds two columns have in common, the cheapest of those with the same modules of these kinds is the
    /// cheapest front and the cheapest rear by itself.
    pub(crate) fn cheapest(&self, lists: &[Vec<Col>], below: f64) -> Option<(f64, [usize; 2])> {
        let fronts: Vec<f64> = lists[0].iter().map(|c| sum(c, |_| &self.front)).collect();
        let least_front = fronts.iter().copied().fold(f64::INFINITY, f64::min);
        let (mut least, mut best) = (below, None);
        for common in ways_to_share() {
            let margins = |kind: usize| {
                if common[kind] {
                    &self.shared
                } else {
                    &self.alone
                }
            };
            let rears: Vec<f64> = lists[1].iter().map(|c| sum(c, margins)).collect();
            let least_rear = rears.iter().copied().fold(f64::INFINITY, f64::min);
            let mut by_modules: HashMap<[u32; KINDS], usize> = HashMap::new();
            for (f, column) in lists[0].iter().enumerate() {
                if fronts[f] + least_rear < least {
                    let kept = by_modules.entry(modules(column, common)).or_insert(f);
                    if fronts[f] < fronts[*kept] {
                        *kept = f;
                    }
                }
            }
            for (r, column) in lists[1].iter().enumerate() {
                if least_front + rears[r] >= least {
                    continue;
                }
                let Some(f) = by_modules.get(&modules(column, common)) else {
                    continue;
                };
                let value = fronts[*f] + self.rear(column, &lists[0][*f]);
                if value < least {
                    (least, best) = (value, Some([*f, r]));
                }
            }
        }
        best.map(|columns| (least, columns))
    }

    /// What a rear column adds beside a front.
    fn rear(&self, rear: &Col, front: &Col) -> f64 {
        sum(rear, |kind| {
            if rear.modules[kind] == front.modules[kind] {
                &self.shared
            } else {
                &self.alone
            }
        })
    }
}

/// A column with what its modules add, by kind.
fn sum<'a>(column: &Col, margins: impl Fn(usize) -> &'a Vec<f64>) -> f64 {
    let modules = column.modules.iter().enumerate();
    let added = modules.map(|(kind, module)| margins(kind)[*module as usize]);
    column.direct + added.sum::<f64>()
}

/// The modules of the kinds in common.
fn modules(column: &Col, common: Common) -> [u32; KINDS] {
    std::array::from_fn(|kind| {
        if common[kind] {
            column.modules[kind]
        } else {
            u32::MAX
        }
    })
}

/// Every set of kinds that two axles may have in common: a machine only with its section.
fn ways_to_share() -> impl Iterator<Item = Common> {
    let sets = (0..1 << (KINDS - 1)).map(|set: usize| -> Common {
        std::array::from_fn(|kind| kind == KINDS - 1 || set & 1 << kind != 0)
    });
    sets.filter(|common| common[0] || !common[1])
}
