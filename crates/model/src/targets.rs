//! What agencies ask of traction drives: cost, density and efficiency targets with their sources.

use serde::{Deserialize, Serialize};

use crate::units::{self, Dimension, Sign};

/// What a target is about. Money is at the factory gate: bought material and conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// Cost of the machine over peak power, USD/W.
    MachineCost,
    /// Cost of the inverter over peak power, USD/W.
    InverterCost,
    /// Cost of machine and inverter over peak power, USD/W.
    DriveCost,
    /// Peak power over the machine's volume, W/m³.
    MachinePowerPerVolume,
    /// Peak power over the volume of machine and inverter, W/m³.
    DrivePowerPerVolume,
    /// Peak power over the machine's mass, W/kg.
    MachinePowerPerMass,
    /// Energy out of the machine over energy into it in the WLTC.
    MachineCycleEfficiency,
}

const COST_BY_POWER: Dimension = Dimension {
    name: "cost by power",
    units: &[("USD/kW", 1e-3, 0.0), ("$/kW", 1e-3, 0.0)],
    example: "4.8 USD/kW",
};
const POWER_BY_VOLUME: Dimension = Dimension {
    name: "power by volume",
    units: &[("kW/L", 1e6, 0.0), ("kW/l", 1e6, 0.0)],
    example: "25 kW/L",
};
const POWER_BY_MASS: Dimension = Dimension {
    name: "power by mass",
    units: &[("kW/kg", 1e3, 0.0)],
    example: "8 kW/kg",
};

impl Quantity {
    /// All, in the order of the report.
    pub const ALL: [Self; 7] = [
        Self::MachineCost,
        Self::InverterCost,
        Self::DriveCost,
        Self::MachinePowerPerVolume,
        Self::DrivePowerPerVolume,
        Self::MachinePowerPerMass,
        Self::MachineCycleEfficiency,
    ];

    /// The units it is written in.
    #[must_use]
    pub fn dimension(self) -> Dimension {
        match self {
            Self::MachineCost | Self::InverterCost | Self::DriveCost => COST_BY_POWER,
            Self::MachinePowerPerVolume | Self::DrivePowerPerVolume => POWER_BY_VOLUME,
            Self::MachinePowerPerMass => POWER_BY_MASS,
            Self::MachineCycleEfficiency => units::fraction::FRACTION,
        }
    }

    /// Whether more is better.
    #[must_use]
    pub fn more_is_better(self) -> bool {
        !matches!(
            self,
            Self::MachineCost | Self::InverterCost | Self::DriveCost
        )
    }
}

/// One target.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Target {
    /// Who asks for it.
    pub body: String,
    /// By when.
    pub year: i32,
    /// What it is about.
    pub quantity: Quantity,
    /// The value, in the unit of its quantity.
    pub value: f64,
    /// When it was stated.
    pub date: String,
    /// Where it stands.
    pub source: String,
}

/// A target as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    body: String,
    year: i32,
    quantity: Quantity,
    value: String,
    date: String,
    source: String,
}

impl TryFrom<Written> for Target {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let value = units::parse(&written.value, written.quantity.dimension(), Sign::Positive)?;
        let Written {
            body,
            year,
            quantity,
            date,
            source,
            ..
        } = written;
        if date.trim().is_empty() || source.trim().is_empty() {
            return Err(format!("the target {body} {year} has no date or no source"));
        }
        Ok(Self {
            body,
            year,
            quantity,
            value,
            date,
            source,
        })
    }
}

/// `data/targets/*.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetFile {
    /// Schema version, 1.
    pub schema: u32,
    /// Id.
    pub id: String,
    /// Dollars for one EUR.
    pub usd_per_eur: f64,
    /// Where the rate comes from.
    pub rate_source: String,
    /// The targets.
    #[serde(rename = "target")]
    pub targets: Vec<Target>,
}
