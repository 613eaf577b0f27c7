//! What asking about something gained so far: where that is known well, no trial is needed (reliability branching,
//! Achterberg, Koch & Martin 2005, doi:10.1016/j.orl.2004.04.002).

use std::collections::BTreeMap;

use crate::branching::{Question, Subject};

/// Trials after which the gains of a subject are known.
const RELIABLE: f64 = 2.0;

/// What the answers of a trial gained, EUR.
pub(crate) type Gained = (Subject, [f64; 2]);

/// Gains of all subjects that were tried.
#[derive(Clone, Debug, Default)]
pub(crate) struct Experience(BTreeMap<Subject, Gains>);

/// How often a subject was tried, and what its answers gained in the mean, EUR.
#[derive(Clone, Copy, Debug, Default)]
struct Gains {
    count: f64,
    mean: [f64; 2],
}

impl Experience {
    /// Takes in a trial; one without a finite gain tells nothing.
    pub(crate) fn learn(&mut self, (subject, gains): Gained) {
        if gains.iter().any(|gain| !gain.is_finite()) {
            return;
        }
        let known = self.0.entry(subject).or_default();
        known.count += 1.0;
        for (mean, gain) in known.mean.iter_mut().zip(gains) {
            *mean += (gain - *mean) / known.count;
        }
    }

    /// The questions to try: the first of those not known well, and of the others the one that gained most.
    pub(crate) fn worth_trying(&self, questions: Vec<Question>, most: usize) -> Vec<Question> {
        let score = |question: &Question| {
            let gains = self.0.get(&question.subject);
            let known = gains.filter(|gains| gains.count >= RELIABLE);
            known.map(|gains| gains.mean.map(|gain| gain.max(1.0)).iter().product())
        };
        let mut chosen = Vec::new();
        let mut best: Option<(f64, Question)> = None;
        for question in questions {
            match score(&question) {
                None if chosen.len() < most => chosen.push(question),
                Some(score) if best.as_ref().is_none_or(|(most, _)| score > *most) => {
                    best = Some((score, question));
                }
                _ => {}
            }
        }
        chosen.extend(best.map(|(_, question)| question));
        chosen
    }
}
