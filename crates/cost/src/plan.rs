//! The way to the start of production: every item passes the phases in order; a phase takes as long as
//! its tests need, or longer while the engineers at hand are spread over more work than they can do.
//!
//! A phase of an item starts when its own phase before has ended, and that of everything it is built
//! from: a B sample of a machine variant needs the section's A samples, a vehicle's B sample the A samples
//! of its four modules. Engineers share their month over all that is open, in proportion to what each
//! could use; a joint item draws on the teams of all its partners alike.

use codrive_model::development::Activity;

use crate::prices::PlanPhase;

/// Something to be developed.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Kind, in words.
    pub kind: String,
    /// The module, or the vehicle's axle.
    pub name: String,
    /// Work over all phases, EUR of engineers.
    pub work_eur: f64,
    /// Teams that do it, as indices below the number of teams.
    pub teams: Vec<usize>,
    /// Items that it is built from.
    pub needs: Vec<usize>,
}

/// Work is done when less than this is left, EUR.
const DONE_EUR: f64 = 1e-3;
/// Months that are the same.
const SAME: f64 = 1e-9;

/// The phases of all items, item by item, with the critical path; `team_eur` is what one team can do in
/// a month.
#[must_use]
pub fn schedule(
    items: &[Item],
    phases: &[PlanPhase],
    teams: usize,
    team_eur: f64,
) -> Vec<Activity> {
    let mut plan = Plan::new(items, phases, teams, team_eur);
    while plan.advance() {}
    plan.activities()
}

/// Months to the start of production.
#[must_use]
pub fn months(activities: &[Activity]) -> f64 {
    activities
        .iter()
        .map(Activity::end_month)
        .fold(0.0, f64::max)
}

/// A phase of an item while the plan is made.
struct Step {
    before: Vec<usize>,
    least: f64,
    left_eur: f64,
    work_eur: f64,
    start: Option<f64>,
    end: Option<f64>,
}

struct Plan<'a> {
    items: &'a [Item],
    phases: &'a [PlanPhase],
    teams: usize,
    team_eur: f64,
    steps: Vec<Step>,
    now: f64,
}

impl<'a> Plan<'a> {
    fn new(items: &'a [Item], phases: &'a [PlanPhase], teams: usize, team_eur: f64) -> Self {
        let n = phases.len();
        let step = |index: usize| {
            let (item, phase) = (&items[index / n], index % n);
            let earlier = item.needs.iter().copied().chain([index / n]);
            Step {
                before: if phase == 0 {
                    Vec::new()
                } else {
                    earlier.map(|i| i * n + phase - 1).collect()
                },
                least: phases[phase].least_months,
                left_eur: item.work_eur * phases[phase].work,
                work_eur: item.work_eur * phases[phase].work,
                start: None,
                end: None,
            }
        };
        let steps = (0..items.len() * n).map(step).collect();
        Self {
            items,
            phases,
            teams,
            team_eur,
            steps,
            now: 0.0,
        }
    }

    /// Starts what may start, then goes to the next moment at which something changes; false at the end.
    fn advance(&mut self) -> bool {
        let ready: Vec<usize> = (0..self.steps.len())
            .filter(|i| self.may_start(*i))
            .collect();
        for index in ready {
            self.steps[index].start = Some(self.now);
        }
        let rates = self.rates();
        let moments = rates
            .iter()
            .filter_map(|(index, rate)| self.next_moment(*index, *rate));
        let Some(next) = moments.reduce(f64::min) else {
            return false;
        };
        let passed = next - self.now;
        for (index, rate) in rates {
            let step = &mut self.steps[index];
            step.left_eur -= rate * passed;
            let tested = next - step.start.unwrap_or(next) >= step.least - SAME;
            if step.left_eur <= DONE_EUR && tested {
                step.end = Some(next);
            }
        }
        self.now = next;
        true
    }

    fn may_start(&self, index: usize) -> bool {
        let step = &self.steps[index];
        step.start.is_none() && step.before.iter().all(|b| self.steps[*b].end.is_some())
    }

    /// EUR a month that every open step gets.
    fn rates(&self) -> Vec<(usize, f64)> {
        let open: Vec<usize> = (0..self.steps.len())
            .filter(|i| self.steps[*i].start.is_some() && self.steps[*i].end.is_none())
            .collect();
        let mut asked = vec![0.0; self.teams];
        for index in &open {
            for team in self.teams_of(*index) {
                asked[*team] += self.asks(*index);
            }
        }
        let gets = |index: &usize| {
            let each = self.asks(*index);
            let of = |team: &usize| each * (self.team_eur / asked[*team].max(self.team_eur));
            let rate: f64 = if each > 0.0 {
                self.teams_of(*index).iter().map(of).sum()
            } else {
                0.0
            };
            (*index, rate)
        };
        open.iter().map(gets).collect()
    }

    fn teams_of(&self, index: usize) -> &[usize] {
        &self.items[index / self.phases.len()].teams
    }

    /// What a step could use of each of its teams, EUR a month: its work over the least time.
    fn asks(&self, index: usize) -> f64 {
        let step = &self.steps[index];
        if step.left_eur <= DONE_EUR {
            return 0.0;
        }
        #[allow(clippy::cast_precision_loss)]
        let teams = self.teams_of(index).len().max(1) as f64;
        step.work_eur / step.least.max(0.5) / teams
    }

    /// When a step's work is done, or its tests are; none if it stands still.
    fn next_moment(&self, index: usize, rate: f64) -> Option<f64> {
        let step = &self.steps[index];
        if step.left_eur > DONE_EUR {
            return (rate > 0.0).then(|| self.now + step.left_eur / rate);
        }
        let tested = step.start? + step.least;
        Some(tested.max(self.now))
    }

    fn activities(&self) -> Vec<Activity> {
        let critical = self.critical();
        let activity = |(index, step): (usize, &Step)| {
            let start = step.start?;
            let months = step.end? - start;
            let item = &self.items[index / self.phases.len()];
            Some(Activity {
                kind: item.kind.clone(),
                item: item.name.clone(),
                phase: self.phases[index % self.phases.len()].name.clone(),
                start_month: start,
                months,
                short_of_engineers: months > step.least + 1e-6,
                critical: critical.contains(&index),
            })
        };
        self.steps.iter().enumerate().filter_map(activity).collect()
    }

    /// Steps that cannot end later without moving the end of all, each as long as it is.
    fn critical(&self) -> Vec<usize> {
        let end = |i: usize| self.steps[i].end.unwrap_or(0.0);
        let last = (0..self.steps.len()).map(end).fold(0.0, f64::max);
        let mut latest = vec![last; self.steps.len()];
        let mut order: Vec<usize> = (0..self.steps.len()).collect();
        order.sort_by(|a, b| end(*b).total_cmp(&end(*a)));
        for index in order {
            let months = end(index) - self.steps[index].start.unwrap_or(0.0);
            for before in &self.steps[index].before {
                latest[*before] = latest[*before].min(latest[index] - months);
            }
        }
        let tied = |i: &usize| latest[*i] - end(*i) < 1e-6;
        (0..self.steps.len()).filter(tied).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phases() -> Vec<PlanPhase> {
        let phase = |name: &str, least_months, work| PlanPhase {
            name: name.to_owned(),
            least_months,
            work,
        };
        vec![phase("concept", 4.0, 0.25), phase("B sample", 10.0, 0.75)]
    }

    fn item(name: &str, work_eur: f64, teams: &[usize], needs: &[usize]) -> Item {
        Item {
            kind: "module".to_owned(),
            name: name.to_owned(),
            work_eur,
            teams: teams.to_vec(),
            needs: needs.to_vec(),
        }
    }

    #[test]
    fn with_engineers_enough_the_tests_set_the_time() {
        let items = [item("a", 8e6, &[0], &[])];
        let plan = schedule(&items, &phases(), 1, 5e6);
        assert!((months(&plan) - 14.0).abs() < 1e-9);
        assert!(plan.iter().all(|a| a.critical && !a.short_of_engineers));
    }

    /// 100 MEUR of work by a team that does 5 MEUR a month: 20 months, by hand, wherever they fall.
    #[test]
    fn with_too_few_engineers_the_work_sets_the_time() {
        let items = [item("a", 60e6, &[0], &[]), item("b", 40e6, &[0], &[])];
        let plan = schedule(&items, &phases(), 1, 5e6);
        assert!((months(&plan) - 20.0).abs() < 1e-6, "{}", months(&plan));
        let doubled = schedule(&items, &phases(), 1, 10e6);
        assert!((months(&doubled) - 14.0).abs() < 1e-6);
    }

    /// 140 MEUR: one team needs 28 months; two do the concept in its 4 and 105 MEUR in 10.5 more.
    #[test]
    fn a_joint_item_draws_on_both_teams() {
        let alone = schedule(&[item("a", 140e6, &[0], &[])], &phases(), 2, 5e6);
        let joint = schedule(&[item("a", 140e6, &[0, 1], &[])], &phases(), 2, 5e6);
        assert!((months(&alone) - 28.0).abs() < 1e-6);
        assert!((months(&joint) - 14.5).abs() < 1e-6);
    }

    /// What is built from another waits for its phase before: 4 + 4 months of concept one after the
    /// other would be wrong, a B sample after both concepts is right.
    #[test]
    fn the_critical_path_runs_through_what_is_waited_for() {
        let mut long = phases();
        long[0].least_months = 1.0;
        let items = [
            item("slow", 50e6, &[0], &[]),
            item("built from it", 1e6, &[1], &[0]),
        ];
        let plan = schedule(&items, &long, 2, 5e6);
        // The slow concept takes 12.5 MEUR / 5 MEUR = 2.5 months; the variant's B sample starts then.
        let variant: Vec<&Activity> = plan.iter().filter(|a| a.item == "built from it").collect();
        assert!((variant[1].start_month - 2.5).abs() < 1e-6);
        assert!(plan[0].critical && !variant[0].critical);
        let ends: Vec<f64> = plan
            .iter()
            .filter(|a| a.critical)
            .map(Activity::end_month)
            .collect();
        assert!((ends.iter().copied().fold(0.0, f64::max) - months(&plan)).abs() < 1e-9);
    }
}
