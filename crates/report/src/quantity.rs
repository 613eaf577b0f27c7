//! Names of results, such as `zero_to_100_s`, as people say them, with their unit.

use crate::number;

/// What a result is and how its value is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quantity {
    /// For people.
    pub(crate) name: String,
    factor: f64,
    unit: &'static str,
}

/// Unit of consumption.
const CONSUMPTION: &str = "kWh/100\u{a0}km";

/// Ending of a result's name, factor to the unit shown, unit shown.
const ENDINGS: [(&str, f64, &str); 22] = [
    ("_kwh_per_100km", 1.0, CONSUMPTION),
    ("_kwh_per_100_km", 1.0, CONSUMPTION),
    ("_wh_per_km", 0.1, CONSUMPTION),
    ("_kmh", 1.0, "km/h"),
    ("_km_per_h", 1.0, "km/h"),
    ("_km_h", 1.0, "km/h"),
    ("_m_per_s", 3.6, "km/h"),
    ("_percent", 1.0, "%"),
    ("_fraction", 100.0, "%"),
    ("_miles", 1.0, "mi"),
    ("_km", 1.0, "km"),
    ("_kw", 1.0, "kW"),
    ("_w", 1e-3, "kW"),
    ("_nm", 1.0, "Nm"),
    ("_kwh", 1.0, "kWh"),
    ("_kg", 1.0, "kg"),
    ("_degc", 1.0, "°C"),
    ("_celsius", 1.0, "°C"),
    ("_k", 1.0, "K"),
    ("_min", 1.0, "min"),
    ("_m", 1.0, "m"),
    ("_s", 1.0, "s"),
];

/// Words that are abbreviations or figures of speech.
const WORDS: [(&str, &str); 9] = [
    ("us06", "US06"),
    ("wltp", "WLTP"),
    ("wltc", "WLTC"),
    ("epa", "EPA"),
    ("udds", "UDDS"),
    ("hwfet", "HWFET"),
    ("dc", "DC"),
    ("ac", "AC"),
    ("soc", "SOC"),
];

impl Quantity {
    /// Reads the name of a result.
    pub(crate) fn of(key: &str) -> Self {
        if key.ends_with("grade") || key.ends_with("gradeability") {
            return Self {
                name: spoken(key, ""),
                factor: 100.0,
                unit: "%",
            };
        }
        let found = ENDINGS.iter().find(|(ending, ..)| key.ends_with(ending));
        let (stem, factor, unit) = match found {
            Some((ending, factor, unit)) => (&key[..key.len() - ending.len()], *factor, *unit),
            None => (key, 1.0, ""),
        };
        let name = if unit == CONSUMPTION {
            consumption(stem)
        } else {
            spoken(stem, unit)
        };
        Self { name, factor, unit }
    }

    /// A value with its unit.
    pub(crate) fn shown(&self, value: f64) -> String {
        let text = number::significant(value * self.factor, 3);
        if self.unit.is_empty() && value.fract() == 0.0 {
            number::fixed(value, 0)
        } else if self.unit.is_empty() {
            text
        } else {
            format!("{text}{}{}", number::THIN, self.unit)
        }
    }
}

/// Numbers and speeds inside names, as people write them.
const PHRASES: [(&str, &str); 8] = [
    ("zero to ", "0–"),
    ("thirty to ", "30–"),
    ("fifty to ", "50–"),
    ("sixty to ", "60–"),
    ("eighty to ", "80–"),
    (" km per h", "\u{202f}km/h"),
    (" mph", "\u{202f}mph"),
    ("hundred", "100"),
];

/// Name of a consumption: over which cycle or at which speed, as a label value, from where.
fn consumption(stem: &str) -> String {
    let (stem, from) = match stem.strip_suffix("_wall") {
        Some(stem) => (stem, ", from the wall"),
        None => (stem, ""),
    };
    let (stem, label) = match stem.strip_suffix("_label") {
        Some(stem) => (stem, " label"),
        None => (stem, ""),
    };
    format!("{}{label} consumption{from}", spoken(stem, ""))
}

fn spoken(stem: &str, unit: &str) -> String {
    let mut text = stem
        .split('_')
        .map(spoken_word)
        .collect::<Vec<_>>()
        .join(" ");
    for (plain, written) in PHRASES {
        text = text.replace(plain, written);
    }
    if unit == "s" && text.contains('–') && text.ends_with(|c: char| c.is_ascii_digit()) {
        text += "\u{202f}km/h";
    }
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn spoken_word(word: &str) -> &str {
    WORDS
        .iter()
        .find(|(plain, _)| *plain == word)
        .map_or(word, |(_, spoken)| spoken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_named_as_people_say_them() {
        let cases = [
            ("zero_to_100_s", 6.234, "0–100\u{202f}km/h", "6.23\u{202f}s"),
            (
                "eighty_to_120_s",
                4.0,
                "80–120\u{202f}km/h",
                "4.00\u{202f}s",
            ),
            (
                "wltp_kwh_per_100km",
                16.44,
                "WLTP consumption",
                "16.4\u{202f}kWh/100\u{a0}km",
            ),
            ("top_speed_km_h", 180.0, "Top speed", "180\u{202f}km/h"),
            ("gradeability", 0.3, "Gradeability", "30.0\u{202f}%"),
            (
                "continuous_grade",
                0.06,
                "Continuous grade",
                "6.00\u{202f}%",
            ),
            (
                "udds_label_wall_wh_per_km",
                162.0,
                "UDDS label consumption, from the wall",
                "16.2\u{202f}kWh/100\u{a0}km",
            ),
            ("us06_trace_violations", 0.0, "US06 trace violations", "0"),
        ];
        for (key, value, name, shown) in cases {
            let quantity = Quantity::of(key);
            assert_eq!(
                (quantity.name.as_str(), quantity.shown(value).as_str()),
                (name, shown)
            );
        }
    }
}
