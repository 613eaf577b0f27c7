//! How far figures are in doubt, and what that does to the decision.

use serde::{Deserialize, Serialize};

use crate::vehicle::checks::checked;

/// `[doubt]` of the programme: ranges that no price set knows, and how many scenarios are priced.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, remote = "Self")]
pub struct DoubtPlan {
    /// Scenarios; 0 leaves doubt out.
    pub scenarios: usize,
    /// The scenarios follow from it.
    pub seed: u64,
    /// Lowest volume of a partner's cars over the stated one.
    #[serde(deserialize_with = "crate::units::fraction::positive")]
    pub volume_low: f64,
    /// Highest volume of a partner's cars over the stated one.
    #[serde(deserialize_with = "crate::units::fraction::positive")]
    pub volume_high: f64,
    /// Lowest overhead of sharing.
    #[serde(deserialize_with = "crate::units::fraction::non_negative")]
    pub overhead_low: f64,
    /// Highest overhead of sharing.
    #[serde(deserialize_with = "crate::units::fraction::non_negative")]
    pub overhead_high: f64,
}

impl Default for DoubtPlan {
    fn default() -> Self {
        Self {
            scenarios: 1000,
            seed: 1,
            volume_low: 0.6,
            volume_high: 1.2,
            overhead_low: 0.05,
            overhead_high: 0.4,
        }
    }
}

checked!(DoubtPlan);

impl DoubtPlan {
    fn check(&self) -> Result<(), String> {
        let Self {
            scenarios,
            volume_low,
            volume_high,
            overhead_low,
            overhead_high,
            ..
        } = self;
        if *scenarios > 100_000 {
            return Err(format!("{scenarios} scenarios: at most 100000"));
        }
        if !(*volume_low <= 1.0 && 1.0 <= *volume_high) {
            return Err(format!(
                "volumes from {volume_low} to {volume_high} of the stated ones: 1 must lie between them"
            ));
        }
        if overhead_low > overhead_high {
            return Err(format!(
                "`overhead_low` {overhead_low} lies above `overhead_high` {overhead_high}"
            ));
        }
        Ok(())
    }
}

/// What doubt does to the decision of all together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// Configurations among which each scenario chooses anew.
    pub configurations: usize,
    /// What the chosen family saves against alone in each scenario, ascending, EUR.
    pub savings_eur: Vec<f64>,
    /// What the chosen family costs above the best known decision in each scenario, ascending, EUR.
    pub regrets_eur: Vec<f64>,
    /// What going alone costs above the best known decision in each scenario, ascending, EUR.
    pub regrets_alone_eur: Vec<f64>,
    /// Scenarios in which another family is better than the chosen one by more than what the proof leaves open.
    pub other_family: usize,
    /// Saving as stated, EUR.
    pub saving_eur: f64,
    /// Each input on its own, the strongest first.
    pub inputs: Vec<InputEffect>,
}

/// What one input does between the ends of its range, everything else as stated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InputEffect {
    /// Its name, such as `development.inverter`.
    pub input: String,
    /// The value stated.
    pub value: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// Whether no public source gives the value itself.
    pub assumption: bool,
    /// Result at the low end, EUR: the saving; in a partner's own results its cost alone.
    pub at_low_eur: f64,
    /// Result at the high end, EUR.
    pub at_high_eur: f64,
    /// Regret of the chosen family at the low end, EUR.
    pub regret_low_eur: f64,
    /// Regret at the high end, EUR.
    pub regret_high_eur: f64,
    /// Value beyond which together saves nothing, looked for from a tenth to ten times the stated one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_even: Option<f64>,
    /// Value within the range beyond which another family is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_family_from: Option<f64>,
}

impl InputEffect {
    /// How far apart the results at both ends lie, EUR.
    #[must_use]
    pub fn swing_eur(&self) -> f64 {
        (self.at_high_eur - self.at_low_eur).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_left_out_keep_their_value_and_ranges_that_are_none_are_refused() {
        let read = |text: &str| toml::from_str::<DoubtPlan>(text).map_err(|e| e.to_string());
        let few = DoubtPlan {
            scenarios: 10,
            ..DoubtPlan::default()
        };
        assert_eq!(read("scenarios = 10"), Ok(few));
        for (text, message) in [
            ("scenarios = 100001", "at most 100000"),
            ("volume_low = \"110 %\"", "1 must lie between"),
            ("overhead_low = \"50 %\"", "lies above `overhead_high` 0.4"),
            ("volume_low = 0", "above zero"),
            ("volumes = 1", "unknown field"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
