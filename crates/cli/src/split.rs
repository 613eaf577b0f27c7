//! `--split` and what belongs to it.

use codrive_model::units::{HINT_MARK, force, fraction};
use codrive_model::vehicle::Axle;
use codrive_study::car_split::Split;
use codrive_study::error::StudyError;

/// How two driven axles share the force
#[derive(clap::Args, Debug)]
pub(crate) struct SplitArgs {
    /// How two driven axles share the force; evenly when left out. Under `rule` and `least-loss` an axle rests
    /// where its gear set has a disconnect
    #[arg(long, value_enum)]
    split: Option<Kind>,
    /// The front axle's share under `fixed`, and above the force of `rule` (half of it when left out)
    #[arg(long, value_parser = share, requires = "split", required_if_eq("split", "fixed"))]
    front: Option<f64>,
    /// The axle that drives alone under `rule`
    #[arg(long, value_enum, requires = "split", required_if_eq("split", "rule"))]
    alone: Option<Alone>,
    /// The force at the tyres below which it does, such as "900 N"
    #[arg(long, value_parser = newton, requires = "split", required_if_eq("split", "rule"))]
    below: Option<f64>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Kind {
    /// Half each
    Even,
    /// A share of the front axle's own, at all forces
    Fixed,
    /// One axle alone below a force, fixed shares above it
    Rule,
    /// At every step what takes least power
    LeastLoss,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Alone {
    Front,
    Rear,
}

impl SplitArgs {
    /// The split asked for.
    ///
    /// # Errors
    /// A share, axle or force that the split has no use for.
    pub(crate) fn get(&self) -> Result<Option<Split>, StudyError> {
        let Some(kind) = self.split else {
            return Ok(None);
        };
        let rule = self.alone.is_some() || self.below.is_some();
        match kind {
            Kind::Even if self.front.is_some() || rule => {
                unused("even", "--front, --alone and --below")
            }
            Kind::LeastLoss if self.front.is_some() || rule => {
                unused("least-loss", "--front, --alone and --below")
            }
            Kind::Fixed if rule => unused("fixed", "--alone and --below"),
            Kind::Even => Ok(Some(Split::Fixed(0.5))),
            Kind::LeastLoss => Ok(Some(Split::LeastLoss)),
            Kind::Fixed => Ok(self.front.map(Split::Fixed)),
            Kind::Rule => Ok(self
                .alone
                .zip(self.below)
                .map(|(alone, below_n)| Split::Rule {
                    alone: alone.into(),
                    below_n,
                    front: self.front.unwrap_or(0.5),
                })),
        }
    }
}

impl From<Alone> for Axle {
    fn from(alone: Alone) -> Self {
        match alone {
            Alone::Front => Self::Front,
            Alone::Rear => Self::Rear,
        }
    }
}

fn unused(split: &str, what: &str) -> Result<Option<Split>, StudyError> {
    Err(StudyError::Model {
        what: format!("--split {split}"),
        reason: format!("it has no use for {what}"),
    })
}

fn share(text: &str) -> Result<f64, String> {
    let share = fraction::parse(text).map_err(plain)?;
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    Err(format!(
        "{text} is out of range: must be from 0 to 1, or from 0 to 100 %"
    ))
}

fn newton(text: &str) -> Result<f64, String> {
    let below_n = force::parse(text).map_err(plain)?;
    if below_n > 0.0 {
        return Ok(below_n);
    }
    Err(format!("{text} is out of range: must be above zero"))
}

fn plain(why: String) -> String {
    why.replace(HINT_MARK, "; ")
}
