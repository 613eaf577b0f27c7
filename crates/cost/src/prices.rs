//! The price set: every figure with range, source, date, and whether it is an assumption.

use std::marker::PhantomData;

use codrive_model::family::ModuleKind;
use codrive_model::programme::Plant;
use codrive_model::units::{self, Dimension, HINT_MARK, Sign};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// A number with what is known about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The value that counts, in SI or EUR.
    pub value: f64,
    /// It may be as low as this.
    pub low: f64,
    /// Or as high as this.
    pub high: f64,
    /// When it was true.
    pub date: String,
    /// Where it comes from.
    pub source: String,
    /// Whether no public source gives the value itself.
    pub assumption: bool,
}

/// An end of a figure's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Its low end.
    Low,
    /// Its high end.
    High,
}

/// `data/prices/*.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Schema version, 1.
    pub schema: u32,
    /// Id by which programmes name it.
    pub id: String,
    /// Country for which conversion is stated.
    pub reference_country: String,
    /// Materials, EUR/kg bought.
    pub material: Materials,
    /// Bought over built mass, and bought parts.
    pub bought: Bought,
    /// Inverters.
    pub inverter: InverterPrices,
    /// Conversion.
    pub conversion: Conversion,
    /// Development of one module or application, EUR.
    pub development: Development,
    /// Tools and line of one release, EUR.
    pub tooling: Tooling,
    /// Line and plant by yearly unit, EUR.
    pub capacity: Capacity,
    /// The way to the start of production.
    pub plan: Plan,
}

/// Declares a table of figures, and how to visit them by name.
macro_rules! figures {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident $key:literal $reader:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* #[serde(rename = $key, deserialize_with = $reader)] pub $field: Figure),*
        }

        impl $name {
            fn visit(&mut self, table: &str, call: &mut dyn FnMut(String, &mut Figure)) {
                $(call(format!("{table}.{}", $key), &mut self.$field);)*
            }
        }
    };
}

figures!(/// Materials, EUR/kg bought.
Materials {
    /// Lamination strip.
    electrical_steel "electrical_steel" "per_kg",
    /// Enamelled copper.
    copper "copper" "per_kg",
    /// Magnets.
    magnet "magnet" "per_kg",
    /// Housing castings.
    housing_aluminium "housing_aluminium" "per_kg",
    /// Shafts.
    shaft_steel "shaft_steel" "per_kg",
    /// Gear blanks.
    gear_steel "gear_steel" "per_kg",
});

figures!(/// Bought over built mass, and bought parts.
Bought {
    /// Strip over laminations.
    lamination_mass "lamination_mass" "number",
    /// Wire over winding.
    copper_mass "copper_mass" "number",
    /// Blanks over gears.
    gear_mass "gear_mass" "number",
    /// Parts of a gear set, EUR.
    gear_parts "gear_parts" "eur",
    /// Parts of a machine, EUR.
    machine_parts "machine_parts" "eur",
});

figures!(/// Inverters.
InverterPrices {
    /// Silicon dies, EUR/mm².
    silicon_die "silicon_die" "per_mm2",
    /// Silicon carbide dies, EUR/mm².
    silicon_carbide_die "silicon_carbide_die" "per_mm2",
    /// Power modules without dies, EUR.
    module_packaging "module_packaging" "eur",
    /// Boards, sensors, housing, EUR.
    rest "rest" "eur",
    /// Capacitor and busbars, EUR/W.
    rest_by_power "rest_by_power" "per_power",
});

figures!(/// Conversion cost of one unit at the reference volume, EUR.
Conversion {
    /// Reference volume, units a year.
    reference_volume "reference_volume" "number",
    /// Learning exponent.
    learning "learning" "number",
    /// Part of conversion that is labour, at the reference labour cost.
    labour_part "labour_part" "part",
    /// Part of conversion that is electricity, at the reference price.
    electricity_part "electricity_part" "part",
    /// Labour cost in the reference country, EUR/h.
    reference_labour_cost "reference_labour_cost" "per_hour",
    /// Electricity price in the reference country, EUR/J.
    reference_electricity_price "reference_electricity_price" "per_energy",
    /// Rotor and stator stacks.
    section "section" "eur",
    /// Machine.
    machine "machine" "eur",
    /// Inverter.
    inverter "inverter" "eur",
    /// Gear set.
    gear_set "gear-set" "eur",
    /// Final assembly of the EDU.
    assembly "assembly" "eur",
});

figures!(/// Development of one module or application, EUR.
Development {
    /// Section.
    section "section" "eur",
    /// Stack and winding variant of a section.
    machine "machine" "eur",
    /// Inverter.
    inverter "inverter" "eur",
    /// Gear set.
    gear_set "gear-set" "eur",
    /// One driven axle of one vehicle.
    application "application" "eur",
});

figures!(/// Tools and line of one release, EUR.
Tooling {
    /// Section.
    section "section" "eur",
    /// Machine.
    machine "machine" "eur",
    /// Inverter.
    inverter "inverter" "eur",
    /// Gear set.
    gear_set "gear-set" "eur",
});

figures!(/// Line and plant by yearly unit, EUR.
Capacity {
    /// Section.
    section "section" "eur",
    /// Machine.
    machine "machine" "eur",
    /// Inverter.
    inverter "inverter" "eur",
    /// Gear set.
    gear_set "gear-set" "eur",
    /// Final assembly.
    assembly "assembly" "eur",
    /// Units a year by which the line of a module grows; assembly grows by the unit.
    step "step" "number",
});

macro_rules! by_kind {
    ($($name:ident),*) => {$(
        impl $name {
            /// The figure of a kind of module.
            #[must_use]
            pub fn of(&self, kind: ModuleKind) -> &Figure {
                match kind {
                    ModuleKind::Section => &self.section,
                    ModuleKind::Machine => &self.machine,
                    ModuleKind::Inverter => &self.inverter,
                    ModuleKind::GearSet => &self.gear_set,
                }
            }
        }
    )*};
}

by_kind!(Conversion, Development, Tooling, Capacity);

impl Conversion {
    /// Conversion cost in a plant over that in the reference country: labour and electricity at the plant's own
    /// cost, the rest (machines, upkeep, overhead) as there.
    #[must_use]
    pub fn factor(&self, plant: &Plant) -> f64 {
        let labour = plant.labour_eur_per_h / self.reference_labour_cost.value;
        let electricity = plant.electricity_eur_per_j / self.reference_electricity_price.value;
        1.0 + self.labour_part.value * (labour - 1.0)
            + self.electricity_part.value * (electricity - 1.0)
    }
}

impl Capacity {
    /// Line and plant for one whole EDU a year, EUR.
    #[must_use]
    pub fn per_yearly_edu(&self) -> f64 {
        ModuleKind::ALL
            .iter()
            .map(|kind| self.of(*kind).value)
            .sum::<f64>()
            + self.assembly.value
    }
}

/// The way to the start of production.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What one partner's engineers can spend in a month, EUR.
    #[serde(deserialize_with = "eur")]
    pub team: Figure,
    /// The phases in order; their work sums to 1.
    #[serde(deserialize_with = "phases")]
    pub phase: Vec<PlanPhase>,
}

/// A phase of development.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanPhase {
    /// Name for people.
    pub name: String,
    /// Months that no number of people can shorten.
    pub least_months: f64,
    /// Part of the development work.
    pub work: f64,
}

impl Prices {
    /// What figures must be together, each being possible alone.
    ///
    /// # Errors
    /// The figure's name, what is wrong with it, and what to try.
    pub fn check(&self) -> Result<(), (&'static str, String, &'static str)> {
        let conversion = &self.conversion;
        let (labour, electricity) = (&conversion.labour_part, &conversion.electricity_part);
        if labour.high + electricity.high > 1.0 {
            let together = 100.0 * (labour.high + electricity.high);
            let message = format!("labour and electricity may be {together:.0} % of conversion");
            let hint = "the highest ends of `labour_part` and `electricity_part` may sum to 100 %";
            return Err(("conversion.labour_part", message, hint));
        }
        if conversion.learning.high >= 1.0 {
            let message = format!(
                "an exponent of {} lets more units cost less",
                conversion.learning.high
            );
            return Err(("conversion.learning", message, "stay below 1; 0.2 is usual"));
        }
        let divisors = [
            ("conversion.reference_volume", &conversion.reference_volume),
            (
                "conversion.reference_labour_cost",
                &conversion.reference_labour_cost,
            ),
            (
                "conversion.reference_electricity_price",
                &conversion.reference_electricity_price,
            ),
            ("plan.team", &self.plan.team),
        ];
        match divisors.into_iter().find(|(_, figure)| figure.low <= 0.0) {
            Some((name, _)) => Err((name, "zero".to_owned(), "must be above zero")),
            None => Ok(()),
        }
    }

    /// Calls with the name and value of every figure, in the order of the file.
    pub fn each_figure(&mut self, mut call: impl FnMut(String, &mut Figure)) {
        self.material.visit("material", &mut call);
        self.bought.visit("bought", &mut call);
        self.inverter.visit("inverter", &mut call);
        self.conversion.visit("conversion", &mut call);
        self.development.visit("development", &mut call);
        self.tooling.visit("tooling", &mut call);
        self.capacity.visit("capacity", &mut call);
        call("plan.team".to_owned(), &mut self.plan.team);
    }

    /// The figures with their names: what a sensitivity study varies, and what a report lists.
    #[must_use]
    pub fn figures(&self) -> Vec<(String, Figure)> {
        let mut result = Vec::new();
        self.clone()
            .each_figure(|name, figure| result.push((name, figure.clone())));
        result
    }

    /// The same prices with one figure at an end of its range; unchanged for an unknown name.
    #[must_use]
    pub fn with_figure_at(&self, name: &str, end: End) -> Self {
        let mut result = self.clone();
        result.each_figure(|here, figure| {
            if here == name {
                figure.value = if end == End::Low {
                    figure.low
                } else {
                    figure.high
                };
            }
        });
        result
    }
}

/// A dimension as a type.
trait Written {
    const DIMENSION: Dimension;
}

macro_rules! readers {
    ($($(#[$doc:meta])* $reader:ident $marker:ident $dimension:expr;)*) => {$(
        struct $marker;
        impl Written for $marker {
            const DIMENSION: Dimension = $dimension;
        }
        $(#[$doc])*
        fn $reader<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Figure, D::Error> {
            figure::<D, $marker>(deserializer)
        }
    )*};
}

readers! {
    /// EUR/kg.
    per_kg PerKg units::price_by_mass::PRICE_BY_MASS;
    /// EUR.
    eur Eur units::money::MONEY;
    /// A number without unit.
    number Number Dimension { name: "number", units: &[("", 1.0, 0.0)], example: "1.7" };
    /// A part of a whole; labour and electricity together stay below one.
    part Part units::fraction::FRACTION;
    /// EUR/h.
    per_hour PerHour units::labour_cost::LABOUR_COST;
    /// EUR/J.
    per_energy PerEnergy units::price_by_energy::PRICE_BY_ENERGY;
    /// EUR/mm².
    per_mm2 PerMm2 Dimension {
        name: "price by die area",
        units: &[("EUR/mm2", 1.0, 0.0), ("EUR/mm²", 1.0, 0.0)],
        example: "0.05 EUR/mm2",
    };
    /// EUR/W.
    per_power PerPower Dimension {
        name: "price by power",
        units: &[("EUR/kW", 1e-3, 0.0), ("EUR/W", 1.0, 0.0)],
        example: "0.7 EUR/kW",
    };
}

/// A quantity of a dimension, zero or above.
struct Quantity<W>(f64, PhantomData<W>);

impl<'de, W: Written> Deserialize<'de> for Quantity<W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = units::deserialize(deserializer, W::DIMENSION, Sign::NonNegative)?;
        Ok(Self(value, PhantomData))
    }
}

/// A figure as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "W: Written")]
struct Raw<W> {
    value: Quantity<W>,
    low: Quantity<W>,
    high: Quantity<W>,
    date: String,
    source: String,
    assumption: bool,
}

fn figure<'de, D: Deserializer<'de>, W: Written>(deserializer: D) -> Result<Figure, D::Error> {
    let raw = Raw::<W>::deserialize(deserializer)?;
    let (value, low, high) = (raw.value.0, raw.low.0, raw.high.0);
    if low > value || value > high {
        let message = format!("`value` lies outside `low` to `high`{HINT_MARK}widen the range");
        return Err(D::Error::custom(message));
    }
    if !is_date(&raw.date) {
        let message = format!(
            "`date` is `{}`{HINT_MARK}a price holds for a time: write a year, year and month, or a day, such as \"2025-06-30\"",
            raw.date
        );
        return Err(D::Error::custom(message));
    }
    if raw.source.trim().is_empty() {
        let message = format!(
            "`source` is empty{HINT_MARK}say where the figure comes from, or that it is assumed"
        );
        return Err(D::Error::custom(message));
    }
    let Raw {
        date,
        source,
        assumption,
        ..
    } = raw;
    Ok(Figure {
        value,
        low,
        high,
        date,
        source,
        assumption,
    })
}

/// A year, with month and day where they are known: `2025`, `2025-06`, `2025-06-30`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let within = |part: Option<&&str>, digits: usize, low: u32, high: u32| {
        part.is_none_or(|part| {
            let number = part.parse::<u32>().is_ok_and(|n| (low..=high).contains(&n));
            number && part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())
        })
    };
    parts.len() <= 3
        && within(parts.first(), 4, 1900, 2100)
        && within(parts.get(1), 2, 1, 12)
        && within(parts.get(2), 2, 1, 31)
}

fn phases<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PlanPhase>, D::Error> {
    let phases = Vec::<PlanPhase>::deserialize(deserializer)?;
    let work: f64 = phases.iter().map(|phase| phase.work).sum();
    let positive = phases
        .iter()
        .all(|p| p.least_months >= 0.0 && p.work >= 0.0);
    if (work - 1.0).abs() > 1e-6 || !positive {
        let message = format!("the phases' `work` must sum to 1, it is {work}");
        return Err(D::Error::custom(message));
    }
    Ok(phases)
}
