//! The same selection written out as a mixed-integer program, as plain data for a general solver:
//! the oracle of the tests, and what another solver is handed ([`crate::select_with`]).
//!
//! A binary for every way (site and split) and column, for every line and each user of it, each partner being user of
//! one line of a module at most; one linking row for every axle and line (not summed up: this keeps the relaxation tight). A concave curve is
//! replaced by chords between knots: the least of the chords lies on or under the curve, so the
//! program's optimum is a lower bound, and exact where no curve is bent, or where every line makes as many as at a knot. (Tangents would lie above
//! the curve, and their program would bound nothing.)

use std::collections::BTreeMap;
use std::ops::Range;

use codrive_model::family::{Capacity, FamilyProblem, FamilyVehicle, Line, VehicleChoice};
use codrive_model::money::ScaleCurve;

use crate::check::{FamilyError, check};
use crate::compact::{Axle, AxleSet, Compact, members, one_place_each};
use crate::lines::modules;

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
    ways: Vec<Vec<Way>>,
    serving: Vec<Serving>,
}

/// A variable that says whether a line serves an axle, of so many units.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Serving {
    module: usize,
    line: usize,
    variable: usize,
    units: f64,
}

/// A way to have a vehicle: its variable, and for each axle those of its columns.
#[derive(Clone, Debug, Default, PartialEq)]
struct Way {
    site: usize,
    split: usize,
    variable: usize,
    columns: Vec<Range<usize>>,
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
    /// They choose no way or column for some vehicle.
    pub fn choices(&self, values: &[f64]) -> Result<Vec<VehicleChoice>, FamilyError> {
        let on = |variable: usize| values.get(variable).is_some_and(|value| *value > 0.5);
        let choice = |ways: &Vec<Way>| {
            let way = ways.iter().find(|way| on(way.variable))?;
            let column = |list: &Range<usize>| list.clone().position(on);
            Some(VehicleChoice {
                split: way.split,
                site: way.site,
                columns: way.columns.iter().map(column).collect::<Option<_>>()?,
            })
        };
        let choices = self.ways.iter().map(choice).collect::<Option<_>>();
        choices.ok_or_else(|| FamilyError::Solver {
            message: "a vehicle was left without a column".to_owned(),
        })
    }

    /// For each module, or site, and line the units that values of the variables let it make.
    #[cfg_attr(not(feature = "highs"), allow(dead_code))]
    pub(crate) fn volumes(&self, values: &[f64]) -> BTreeMap<(usize, usize), f64> {
        let mut volumes = BTreeMap::new();
        let on = |serving: &&Serving| values.get(serving.variable).is_some_and(|v| *v > 0.5);
        for serving in self.serving.iter().filter(on) {
            *volumes.entry((serving.module, serving.line)).or_default() += serving.units;
        }
        volumes
    }

    fn equal(&mut self, terms: Vec<(usize, f64)>, right: f64) {
        self.rows.push(Row {
            terms,
            equal: true,
            right,
        });
    }

    fn at_most_one(&mut self, of: &[usize]) {
        self.rows.push(Row {
            terms: of.iter().map(|variable| (*variable, 1.0)).collect(),
            equal: false,
            right: 1.0,
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

/// Where the chords of the curves meet: for modules and lines, then sites, the units beside the least and the most
/// that there can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Knots {
    /// Parts of equal ratio between the least and the most of every curve.
    even: usize,
    /// For a module and line its own.
    own: BTreeMap<(usize, usize), Vec<f64>>,
}

impl Knots {
    /// So many chords for every curve, each to the same ratio of units.
    #[must_use]
    pub fn even(chords: usize) -> Self {
        Self {
            even: chords.max(1),
            own: BTreeMap::new(),
        }
    }

    /// Another knot of a line: there the program's cost is that of the curve. Whether it is new.
    #[cfg_attr(not(feature = "highs"), allow(dead_code))]
    pub(crate) fn add(&mut self, module: usize, line: usize, units: f64) -> bool {
        let known = self.own.entry((module, line)).or_default();
        let new = known.iter().all(|knot| (knot / units - 1.0).abs() > 1e-6);
        if new {
            known.push(units);
        }
        new
    }

    /// All knots of a line, ascending.
    fn of(&self, module: usize, line: usize, [least, most]: [f64; 2]) -> Vec<f64> {
        #[allow(clippy::cast_precision_loss)]
        let even = |k: usize| least * (most / least).powf(k as f64 / self.even as f64);
        if least >= most {
            // One axle, or none: then no chord is needed.
            return if most > 0.0 {
                vec![most; 2]
            } else {
                Vec::new()
            };
        }
        let mut knots: Vec<f64> = (0..=self.even).map(even).collect();
        let own = self.own.get(&(module, line)).into_iter().flatten();
        knots.extend(own.filter(|units| least < **units && **units < most));
        knots.sort_unstable_by(f64::total_cmp);
        knots.dedup_by(|b, a| *b <= *a * (1.0 + 1e-9));
        knots
    }
}

/// Writes the selection out, each curve as chords between knots.
///
/// # Errors
/// The problem is impossible.
pub fn program(problem: &FamilyProblem, knots: &Knots) -> Result<Program, FamilyError> {
    check(problem)?;
    let mut program = Program::default();
    let mut uses = Uses::new();
    let compact = Compact::new(problem);
    for (v, vehicle) in problem.vehicles.iter().enumerate() {
        let mut ways = Vec::new();
        for site in &vehicle.sites {
            let first = compact.first_axle(v, *site).unwrap_or_default();
            for split in 0..vehicle.splits.len() {
                let place = [*site, split, first];
                ways.push(add_way(problem, vehicle, place, &mut uses, &mut program));
            }
        }
        program.equal(ways.iter().map(|way| (way.variable, 1.0)).collect(), 1.0);
        program.ways.push(ways);
    }
    add_lines(problem, &compact.axles, knots, &uses, &mut program);
    Ok(program)
}

/// One column for each axle if the vehicle is had in this way.
fn add_way(
    problem: &FamilyProblem,
    vehicle: &FamilyVehicle,
    [site, split, first_axle]: [usize; 3],
    uses: &mut Uses,
    program: &mut Program,
) -> Way {
    let mut way = Way {
        site,
        split,
        variable: program.variable(0.0, true),
        columns: Vec::new(),
    };
    for (axle, columns) in (first_axle..).zip(&vehicle.splits[split].columns) {
        let mut row = vec![(way.variable, -1.0)];
        let first = program.costs.len();
        for column in columns {
            let variable = program.variable(column.direct_eur, true);
            row.push((variable, 1.0));
            for module in column
                .modules
                .into_iter()
                .chain([problem.modules.len() + site])
            {
                uses.entry((module, axle)).or_default().push(variable);
            }
        }
        way.columns.push(first..program.costs.len());
        program.equal(row, 0.0);
    }
    way
}

/// For each partner whether it uses each line of a module that it may use.
type Users = BTreeMap<usize, Vec<usize>>;

/// For each module and axle the columns with which the axle uses the module.
type Uses = BTreeMap<(usize, usize), Vec<usize>>;

fn add_lines(
    problem: &FamilyProblem,
    axles: &[Axle],
    knots: &Knots,
    uses: &Uses,
    program: &mut Program,
) {
    for (index, module) in modules(problem).iter().enumerate() {
        // Each use by an axle is served by one chord of one line.
        let mut rows: Vec<(usize, Vec<(usize, f64)>)> = uses
            .range((index, 0)..(index + 1, 0))
            .map(|((_, axle), columns)| (*axle, columns.iter().map(|c| (*c, -1.0)).collect()))
            .collect();
        let mut users = Users::new();
        for (at, line) in module.lines.iter().enumerate() {
            let terms = LineTerms {
                place: [index, at],
                line,
                capacity: module.capacity,
                most_units_per_year: module.most_units_per_year,
                overhead: problem.development_overhead,
                axles,
            };
            terms.add(
                &chords_of(
                    line.conversion,
                    &knots.of(index, at, reach(line, &rows, axles)),
                ),
                &mut rows,
                &mut users,
                program,
            );
        }
        for lines in users.into_values() {
            program.at_most_one(&lines);
        }
        for (_, row) in rows {
            program.equal(row, 0.0);
        }
    }
}

/// The least and the most units that a line can make, of the axles that may use its module.
fn reach(line: &Line, users: &[(usize, Vec<(usize, f64)>)], axles: &[Axle]) -> [f64; 2] {
    let delivered = |axle: &usize| line.delivery(axles[*axle].site).is_some();
    let able = users.iter().map(|(axle, _)| *axle).filter(delivered);
    let able = able.fold(0, |set: AxleSet, axle| set | 1 << axle);
    let units = |set| members(set).map(|axle| axles[axle].units);
    let most: f64 = units(one_place_each(axles, able)).sum();
    [units(able).fold(most, f64::min), most]
}

struct LineTerms<'a> {
    /// Index of the module, or site, and of the line.
    place: [usize; 2],
    line: &'a Line,
    capacity: Capacity,
    most_units_per_year: f64,
    overhead: f64,
    axles: &'a [Axle],
}

impl LineTerms<'_> {
    /// D (1 + o (n − 1)) = D (1 − o) + D o n: a part once, a part for each user. One chord a line.
    fn add(
        &self,
        chords: &[(f64, f64)],
        rows: &mut [(usize, Vec<(usize, f64)>)],
        all_users: &mut Users,
        program: &mut Program,
    ) {
        let development = self.line.development_eur;
        let once = development * (1.0 - self.overhead) + self.line.tooling_eur;
        let mut users = BTreeMap::new();
        for to in &self.line.deliveries {
            let user = users.entry(to.partner);
            user.or_insert_with(|| program.variable(development * self.overhead, true));
        }
        for (partner, user) in &users {
            all_users.entry(*partner).or_default().push(*user);
        }
        let mut peaks = Vec::new();
        for (intercept, slope) in chords {
            let released = program.variable(once + intercept, true);
            for (axle, row) in rows.iter_mut() {
                let Axle {
                    site,
                    units,
                    peak,
                    capacity,
                    ..
                } = self.axles[*axle];
                let Some(to) = self.line.delivery(site) else {
                    continue;
                };
                let used = self.capacity.used_eur_per_unit * capacity;
                let eur_per_unit = slope + to.logistics_eur_per_unit;
                let served = program.variable(units * eur_per_unit + used, false);
                peaks.push((served, peak));
                let [module, line] = self.place;
                program.serving.push(Serving {
                    module,
                    line,
                    variable: served,
                    units,
                });
                row.push((served, 1.0));
                program.only_if(served, released);
                program.only_if(served, users[&to.partner]);
            }
        }
        self.add_steps(&peaks, program);
        if self.most_units_per_year < f64::INFINITY {
            let most = self.most_units_per_year;
            let terms = peaks.iter().map(|(served, peak)| (*served, peak / most));
            program.rows.push(Row {
                terms: terms.collect(),
                equal: false,
                right: 1.0,
            });
        }
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

/// Intercept and slope, EUR and EUR per unit, of the chords of a curve between knots.
fn chords_of(curve: ScaleCurve, knots: &[f64]) -> Vec<(f64, f64)> {
    if curve.reference_eur == 0.0 || curve.exponent == 0.0 {
        return vec![(0.0, curve.reference_eur)];
    }
    let chord = |ends: &[f64]| {
        let (a, b) = (ends[0], ends[1] * (1.0 + 1e-9));
        let (low, high) = (curve.total_eur(a), curve.total_eur(b));
        let slope = (high - low) / (b - a);
        (low - slope * a, slope)
    };
    knots.windows(2).map(chord).collect()
}
