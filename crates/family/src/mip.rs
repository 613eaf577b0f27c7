//! The same selection written out as a mixed-integer program, as plain data for a general solver:
//! the oracle of the tests, and what another solver is handed ([`crate::select_with`]).
//!
//! A binary for every split and column, for every line and each user of it; one linking row for
//! every axle and line (not summed up: this keeps the relaxation tight). A concave curve is
//! replaced by chords between knots: the least of the chords lies on or under the curve, so the
//! program's optimum is a lower bound, and exact where no curve is bent. (Tangents would lie above
//! the curve, and their program would bound nothing.)

use std::ops::Range;

use codrive_model::family::{Capacity, FamilyProblem, Line, VehicleChoice};
use codrive_model::money::ScaleCurve;

use crate::check::{FamilyError, check};
use crate::compact::{Axle, Compact};

/// Money in the program is in millions of EUR, which keeps coefficients within a few powers of ten.
pub const EUR: f64 = 1e-6;

/// Minimise cost · x subject to rows, 0 ≤ x ≤ most, x whole where said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// Cost of each variable, millions of EUR.
    pub costs: Vec<f64>,
    /// The most that each may be.
    pub most: Vec<f64>,
    /// Whether it must be a whole number.
    pub whole: Vec<bool>,
    /// Rows.
    pub rows: Vec<Row>,
    /// For each vehicle and split its variable, and for each axle those of its columns.
    splits: Vec<Vec<(usize, Vec<Range<usize>>)>>,
}

/// Σ coefficient · x = or ≤ right-hand side.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Variables with their coefficients.
    pub terms: Vec<(usize, f64)>,
    /// Whether it is an equation; otherwise at most.
    pub equal: bool,
    /// Right-hand side.
    pub right: f64,
}

impl Program {
    fn variable(&mut self, cost_eur: f64, whole: bool) -> usize {
        self.costs.push(cost_eur * EUR);
        self.most.push(1.0);
        self.whole.push(whole);
        self.costs.len() - 1
    }

    /// The family that values of the variables stand for.
    ///
    /// # Errors
    /// They choose no split or column for some vehicle.
    pub fn choices(&self, values: &[f64]) -> Result<Vec<VehicleChoice>, FamilyError> {
        let on = |variable: usize| values.get(variable).is_some_and(|value| *value > 0.5);
        let choice = |splits: &Vec<(usize, Vec<Range<usize>>)>| {
            let split = splits.iter().position(|(variable, _)| on(*variable))?;
            let column = |list: &Range<usize>| list.clone().position(on);
            let columns = splits[split].1.iter().map(column).collect::<Option<_>>()?;
            Some(VehicleChoice { split, columns })
        };
        let choices = self.splits.iter().map(choice).collect::<Option<_>>();
        choices.ok_or_else(|| FamilyError::Solver {
            message: "a vehicle was left without a column".to_owned(),
        })
    }

    fn equal(&mut self, terms: Vec<(usize, f64)>, right: f64) {
        self.rows.push(Row {
            terms,
            equal: true,
            right,
        });
    }

    /// `part` only if `whole`.
    fn only_if(&mut self, part: usize, whole: usize) {
        let terms = vec![(part, 1.0), (whole, -1.0)];
        self.rows.push(Row {
            terms,
            equal: false,
            right: 0.0,
        });
    }
}

/// Writes the selection out, each curve as `chords` chords.
///
/// # Errors
/// The problem is impossible.
pub fn program(problem: &FamilyProblem, chords: usize) -> Result<Program, FamilyError> {
    check(problem)?;
    let mut program = Program::default();
    let mut uses = Uses::new();
    let mut axle = 0;
    for vehicle in &problem.vehicles {
        let splits: Vec<usize> = vehicle
            .splits
            .iter()
            .map(|_| program.variable(0.0, true))
            .collect();
        program.equal(splits.iter().map(|split| (*split, 1.0)).collect(), 1.0);
        let mut lists: Vec<(usize, Vec<Range<usize>>)> =
            splits.iter().map(|split| (*split, Vec::new())).collect();
        for offset in 0..vehicle.axle_units.len() {
            for ((split, axles), data) in lists.iter_mut().zip(&vehicle.splits) {
                let mut row = vec![(*split, -1.0)];
                let first = program.costs.len();
                for column in &data.columns[offset] {
                    let variable = program.variable(column.direct_eur, true);
                    row.push((variable, 1.0));
                    for module in column.modules {
                        uses.entry((module, axle + offset))
                            .or_default()
                            .push(variable);
                    }
                }
                axles.push(first..program.costs.len());
                program.equal(row, 0.0);
            }
        }
        program.splits.push(lists);
        axle += vehicle.axle_units.len();
    }
    add_lines(problem, chords, &uses, &mut program);
    Ok(program)
}

/// For each module and axle the columns with which the axle uses the module.
type Uses = std::collections::BTreeMap<(usize, usize), Vec<usize>>;

fn add_lines(problem: &FamilyProblem, chords: usize, uses: &Uses, program: &mut Program) {
    let axles = Compact::new(problem).axles;
    let total: f64 = axles.iter().map(|axle| axle.units).sum();
    let least = axles.iter().map(|axle| axle.units).fold(total, f64::min);
    for (index, module) in problem.modules.iter().enumerate() {
        // Each use by an axle is served by one chord of one line.
        let mut rows: Vec<(usize, Vec<(usize, f64)>)> = uses
            .range((index, 0)..(index + 1, 0))
            .map(|((_, axle), columns)| (*axle, columns.iter().map(|c| (*c, -1.0)).collect()))
            .collect();
        for line in &module.lines {
            let terms = LineTerms {
                line,
                capacity: module.capacity,
                overhead: problem.development_overhead,
                axles: &axles,
            };
            terms.add(
                &chords_of(line.conversion, least, total, chords),
                &mut rows,
                program,
            );
        }
        for (_, row) in rows {
            program.equal(row, 0.0);
        }
    }
}

struct LineTerms<'a> {
    line: &'a Line,
    capacity: Capacity,
    overhead: f64,
    axles: &'a [Axle],
}

impl LineTerms<'_> {
    /// D (1 + o (n − 1)) = D (1 − o) + D o n: a part once, a part for each user. One chord a line.
    fn add(
        &self,
        chords: &[(f64, f64)],
        rows: &mut [(usize, Vec<(usize, f64)>)],
        program: &mut Program,
    ) {
        let development = self.line.development_eur;
        let once = development * (1.0 - self.overhead) + self.line.tooling_eur;
        let users: Vec<(usize, f64, usize)> = self
            .line
            .users
            .iter()
            .map(|user| {
                let cost = development * self.overhead;
                (
                    user.partner,
                    user.logistics_eur_per_unit,
                    program.variable(cost, true),
                )
            })
            .collect();
        let mut peaks = Vec::new();
        for (intercept, slope) in chords {
            let released = program.variable(once + intercept, true);
            for (axle, row) in rows.iter_mut() {
                let Axle {
                    partner,
                    units,
                    peak,
                    capacity,
                } = self.axles[*axle];
                let Some((_, logistics, user)) = users.iter().find(|user| user.0 == partner) else {
                    continue;
                };
                let used = self.capacity.used_eur_per_unit * capacity;
                let served = program.variable(units * (slope + logistics) + used, false);
                peaks.push((served, peak));
                row.push((served, 1.0));
                program.only_if(served, released);
                program.only_if(served, *user);
            }
        }
        self.add_steps(&peaks, program);
    }

    /// As many steps as the units of the peak year need: each is paid for as if idle, and what is used is taken off.
    fn add_steps(&self, peaks: &[(usize, f64)], program: &mut Program) {
        let Capacity {
            step_units_per_year: step,
            idle_eur_per_unit: idle,
            ..
        } = self.capacity;
        if step <= 0.0 {
            return;
        }
        let all: f64 = self.axles.iter().map(|axle| axle.peak).sum();
        let steps = program.variable(idle * step, true);
        program.most[steps] = (all / step).ceil();
        let mut terms = vec![(steps, -1.0)];
        for (served, peak) in peaks {
            program.costs[*served] -= idle * peak * EUR;
            terms.push((*served, peak / step));
        }
        program.rows.push(Row {
            terms,
            equal: false,
            right: 0.0,
        });
    }
}

/// Intercept and slope, EUR and EUR per unit, of chords of a curve between `least` and `most`.
fn chords_of(curve: ScaleCurve, least: f64, most: f64, chords: usize) -> Vec<(f64, f64)> {
    if curve.reference_eur == 0.0 || curve.exponent == 0.0 {
        return vec![(0.0, curve.reference_eur)];
    }
    #[allow(clippy::cast_precision_loss)]
    let knot = |k: usize| least * (most / least).powf(k as f64 / chords.max(1) as f64);
    let chord = |k: usize| {
        let (a, b) = (knot(k), knot(k + 1) * (1.0 + 1e-9));
        let (low, high) = (curve.total_eur(a), curve.total_eur(b));
        let slope = (high - low) / (b - a);
        (low - slope * a, slope)
    };
    (0..chords.max(1)).map(chord).collect()
}
