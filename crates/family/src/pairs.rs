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
    /// cheapest front and the cheapest rear by itself. Where a module that both use costs more than two (a step of
    /// capacity more), a dearer pair than the cheapest may be found, at what it costs.
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A fraction that looks random and is the same everywhere.
    fn fraction(seed: u32) -> f64 {
        let mixed = u64::from(seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed >> 40) as f64 / (1_u64 << 24) as f64
    }

    /// Columns of 2 sections with 3 machines each, 4 inverters and 3 gear sets, at one site: modules 0 to 15.
    fn columns(seed: u32) -> Vec<Col> {
        let column = |index: u32| {
            let at =
                |k: u32, count: u32| (fraction(seed + 10 * index + k) * f64::from(count)) as u32;
            let machine = at(0, 6);
            Col {
                direct: 100.0 * fraction(seed + 10 * index + 3),
                modules: [machine / 3, 2 + machine, 8 + at(1, 4), 12 + at(2, 3), 15],
                index,
            }
        };
        (0..40).map(column).collect()
    }

    #[test]
    fn the_cheapest_pair_is_that_of_trying_all() {
        for seed in (0..200).map(|n| 1000 * n) {
            let margin = |k: u32| {
                (0..16)
                    .map(|m| 200.0 * fraction(seed + 700 + 20 * k + m))
                    .collect()
            };
            let (front, alone): (Vec<f64>, Vec<f64>) = (margin(0), margin(1));
            let saved: Vec<f64> = margin(2);
            let shared = alone
                .iter()
                .zip(saved)
                .map(|(alone, saved)| alone.min(saved))
                .collect();
            let margins = Margins {
                front,
                alone,
                shared,
            };
            let lists = [columns(seed), columns(seed + 500)];
            let value = |[f, r]: [usize; 2]| {
                sum(&lists[0][f], |_| &margins.front) + margins.rear(&lists[1][r], &lists[0][f])
            };
            let pairs = (0..40).flat_map(|f| (0..40).map(move |r| [f, r]));
            let truth = pairs.map(value).fold(f64::INFINITY, f64::min);
            let (found, columns) = margins.cheapest(&lists, f64::INFINITY).unwrap();
            assert!(
                (found - truth).abs() < 1e-9,
                "seed {seed}: {found}, {truth}"
            );
            assert!((value(columns) - truth).abs() < 1e-9);
            assert!(margins.cheapest(&lists, truth).is_none());
        }
    }
}
