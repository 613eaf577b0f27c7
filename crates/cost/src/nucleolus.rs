//! Nucleolus: the split under which the most unhappy group complains least, then the next, and so
//! on, by a sequence of linear programs.
//!
//! A group's complaint under savings y is v(S) − y(S), with v(S) what the group saves on its own.
//! Each program lowers the highest complaint that is still open; the groups whose complaint no
//! optimum can lower further are settled at it. Groups enter a program when they are violated, so
//! that sixteen partners stay cheap.
//!
//! Source: Schmeidler 1969, The nucleolus of a characteristic function game,
//! doi:10.1137/0117107; the sequence of programs: Kopelowitz 1967, Maschler, Peleg & Shapley 1979,
//! doi:10.1287/moor.4.4.303.

use std::collections::BTreeSet;

use microlp::{ComparisonOp, OptimizationDirection, Problem, Solution, Variable};

use crate::error::CostError;

/// Complaints nearer than this are the same; savings are scaled to at most 1.
const SAME: f64 = 1e-7;
/// Groups that enter a program at once.
const AT_ONCE: usize = 32;

/// The savings of each partner under the nucleolus of a savings game.
///
/// `savings` is by group: bit p says that partner p is in it; single partners save nothing. Where
/// all together save something, nobody is worse off than alone; where they do not, no split can
/// promise that, and the pre-nucleolus is returned.
///
/// # Errors
/// A linear program fails.
pub(crate) fn nucleolus(partners: usize, savings: &[f64]) -> Result<Vec<f64>, CostError> {
    let scale = savings.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    if partners == 0 || scale == 0.0 {
        return Ok(vec![0.0; partners]);
    }
    let scaled: Vec<f64> = savings.iter().map(|v| v / scale).collect();
    let mut programs = Programs::new(partners, &scaled);
    while programs.span.rank() < partners {
        programs.stage()?;
    }
    let whole = scaled[scaled.len() - 1];
    let rest = (whole - programs.best.iter().sum::<f64>()) / partners as f64;
    Ok(programs.best.iter().map(|y| (y + rest) * scale).collect())
}

/// The programs of one game, stage after stage.
struct Programs<'a> {
    partners: usize,
    savings: &'a [f64],
    /// Groups that have entered.
    rows: BTreeSet<usize>,
    /// Groups whose complaint is settled, with it; they and what they span never change again.
    settled: Vec<(usize, f64)>,
    span: Span,
    /// Savings of the last program.
    best: Vec<f64>,
}

/// What a program is for.
enum Aim<'a> {
    /// To lower the highest open complaint.
    Complaint,
    /// To lower the complaints of some groups below this level, each by at most 1.
    Below(f64, &'a [usize]),
}

impl<'a> Programs<'a> {
    fn new(partners: usize, savings: &'a [f64]) -> Self {
        let everybody = savings.len() - 1;
        let singles = (0..partners).map(|p| 1 << p);
        let mut span = Span::new(partners);
        span.add(everybody);
        Self {
            partners,
            savings,
            rows: singles.flat_map(|s: usize| [s, everybody ^ s]).collect(),
            settled: Vec::new(),
            span,
            best: vec![0.0; partners],
        }
    }

    /// Lowers the highest open complaint and settles the groups that have it in every optimum.
    fn stage(&mut self) -> Result<(), CostError> {
        let level = self.solve(&Aim::Complaint)?[0];
        let mut tight: Vec<usize> = (1..self.savings.len() - 1)
            .filter(|group| !self.span.holds(*group) && self.complaint(*group) > level - SAME)
            .collect();
        loop {
            let lowered = self.solve(&Aim::Below(level, &tight))?;
            let stuck = tight.iter().zip(&lowered).filter(|(_, by)| **by <= SAME);
            let stuck: Vec<usize> = stuck.map(|(group, _)| *group).collect();
            if stuck.is_empty() {
                return Err(CostError::Split {
                    reason: "no group's complaint is settled by its program",
                });
            }
            let done = stuck.len() == tight.len();
            tight = stuck;
            if done {
                break;
            }
        }
        for group in tight {
            if self.span.add(group) {
                self.settled.push((group, level));
            }
        }
        Ok(())
    }

    fn complaint(&self, group: usize) -> f64 {
        self.savings[group] - members(group).map(|p| self.best[p]).sum::<f64>()
    }

    /// Solves until no open group is violated; returns the values beside the savings.
    fn solve(&mut self, aim: &Aim<'_>) -> Result<Vec<f64>, CostError> {
        loop {
            let (savings, others) = self.program(aim)?;
            self.best = savings;
            let level = match aim {
                Aim::Complaint => others[0],
                Aim::Below(level, _) => *level,
            };
            let mut violated: Vec<(f64, usize)> = (1..self.savings.len() - 1)
                .filter(|group| !self.rows.contains(group) && !self.span.holds(*group))
                .map(|group| (self.complaint(group) - level, group))
                .filter(|(excess, _)| *excess > 0.01 * SAME)
                .collect();
            if violated.is_empty() {
                return Ok(others);
            }
            violated.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let everybody = self.savings.len() - 1;
            let enter = violated.iter().take(AT_ONCE);
            self.rows
                .extend(enter.flat_map(|(_, group)| [*group, everybody ^ group]));
        }
    }

    /// One program over the groups that have entered.
    fn program(&self, aim: &Aim<'_>) -> Result<(Vec<f64>, Vec<f64>), CostError> {
        let everybody = self.savings.len() - 1;
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let least = if self.savings[everybody] >= 0.0 {
            0.0
        } else {
            f64::NEG_INFINITY
        };
        let saves: Vec<Variable> = (0..self.partners)
            .map(|_| problem.add_var(0.0, (least, f64::INFINITY)))
            .collect();
        let others: Vec<Variable> = match aim {
            Aim::Complaint => vec![problem.add_var(1.0, (f64::NEG_INFINITY, f64::INFINITY))],
            Aim::Below(_, groups) => groups
                .iter()
                .map(|_| problem.add_var(-1.0, (0.0, 1.0)))
                .collect(),
        };
        let sum = |group: usize| -> Vec<(Variable, f64)> {
            members(group).map(|p| (saves[p], 1.0)).collect()
        };
        problem.add_constraint(sum(everybody), ComparisonOp::Eq, self.savings[everybody]);
        for (group, level) in &self.settled {
            problem.add_constraint(sum(*group), ComparisonOp::Eq, self.savings[*group] - level);
        }
        for group in self.rows.iter().filter(|group| !self.span.holds(**group)) {
            let mut terms = sum(*group);
            let mut right = self.savings[*group];
            match aim {
                Aim::Complaint => terms.push((others[0], 1.0)),
                Aim::Below(level, groups) => {
                    right -= level;
                    let own = groups.iter().position(|g| g == group);
                    terms.extend(own.map(|i| (others[i], -1.0)));
                }
            }
            problem.add_constraint(terms, ComparisonOp::Ge, right);
        }
        let solution = solved(&problem)?;
        let values = |list: &[Variable]| list.iter().map(|v| solution.var_value(*v)).collect();
        Ok((values(&saves), values(&others)))
    }
}

fn solved(problem: &Problem) -> Result<Solution, CostError> {
    let failed = CostError::Split {
        reason: "a linear program of the nucleolus has no solution",
    };
    let outcome = problem.solve().map_err(|_| failed.clone())?;
    outcome.into_solution().map_err(|_| failed)
}

fn members(group: usize) -> impl Iterator<Item = usize> {
    (0..usize::BITS as usize).filter(move |p| group & 1 << p != 0)
}

/// The groups whose savings follow from those of some groups: rows in echelon form.
struct Span {
    partners: usize,
    rows: Vec<(usize, Vec<f64>)>,
}

impl Span {
    fn new(partners: usize) -> Self {
        Self {
            partners,
            rows: Vec::new(),
        }
    }

    fn rank(&self) -> usize {
        self.rows.len()
    }

    fn holds(&self, group: usize) -> bool {
        self.rest(group).iter().all(|x| x.abs() < 1e-9)
    }

    /// Adds a group; false where it is spanned already.
    fn add(&mut self, group: usize) -> bool {
        let rest = self.rest(group);
        let pivot = (0..self.partners).max_by(|a, b| rest[*a].abs().total_cmp(&rest[*b].abs()));
        match pivot.filter(|p| rest[*p].abs() > 1e-9) {
            None => false,
            Some(p) => {
                let row = rest.iter().map(|x| x / rest[p]).collect();
                self.rows.push((p, row));
                true
            }
        }
    }

    /// What of a group's indicator the rows leave.
    fn rest(&self, group: usize) -> Vec<f64> {
        let mut rest: Vec<f64> = (0..self.partners)
            .map(|p| f64::from(u8::from(group & 1 << p != 0)))
            .collect();
        for (pivot, row) in &self.rows {
            let factor = rest[*pivot];
            if factor != 0.0 {
                rest.iter_mut().zip(row).for_each(|(x, r)| *x -= factor * r);
            }
        }
        rest
    }
}
