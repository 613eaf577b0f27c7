//! A validation case: what is compared, how closely, and how it came out.

use codrive_model::input::Source;
use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};

use crate::error::StudyError;

static VALIDATION: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../validation");

/// `validation/<id>/case.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Schema version, 1.
    pub schema: u32,
    /// Id, the folder's name.
    pub id: String,
    /// What is validated.
    pub title: String,
    /// Where the truth comes from.
    pub citation: String,
    /// Licence of the reference data.
    pub licence: String,
    /// What is compared, in words.
    pub quantity: String,
    /// How closely, in words.
    pub tolerance: String,
    /// Why that closely.
    pub reason: String,
    /// Why the case misses, as far as known; a case that passes has none.
    #[serde(default)]
    pub declared_miss: Option<String>,
}

/// A case with its results.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// The case.
    pub file: CaseFile,
    /// One row per figure.
    pub checks: Vec<Check>,
    /// Figures without a reference that belong to the case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
}

/// Figures without a reference: what neighbours of the case give.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// What it shows, in a sentence.
    pub caption: String,
    /// Heads of its columns.
    pub head: Vec<String>,
    /// Its rows, each as long as the head.
    pub rows: Vec<Vec<String>>,
}

/// One figure against its reference.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What.
    pub what: String,
    /// Unit of both figures.
    pub unit: String,
    /// The reference.
    pub reference: f64,
    /// What this version computes.
    pub ours: f64,
    /// How far apart they may be.
    pub allowed: Allowed,
    /// Between which values ours lies over what is not known of the thing, where that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
}

/// How far apart a figure and its reference may be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    /// |ours − reference| at most this, in the unit.
    Absolute(f64),
    /// |ours − reference| / |reference| at most this.
    Relative(f64),
    /// |ours − reference| at most this fraction of the given scale.
    OfScale(f64, f64),
    /// Ours at least the reference, and at most this fraction above it.
    AtLeast(f64),
}

impl CaseResult {
    /// Reads the case's file.
    ///
    /// # Errors
    /// The file is missing or does not read.
    pub fn new(id: &str, checks: Vec<Check>) -> Result<Self, StudyError> {
        let file: CaseFile = reference(id, "case.toml")?.parse()?;
        let tables = Vec::new();
        Ok(Self {
            file,
            checks,
            tables,
        })
    }

    /// Whether every figure is within its tolerance.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.checks.iter().all(Check::passed)
    }

    /// Whether the case passes, or declares why it does not.
    #[must_use]
    pub fn acceptable(&self) -> bool {
        self.passed() || self.file.declared_miss.is_some()
    }

    /// A word for tables.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        match (self.passed(), self.file.declared_miss.is_some()) {
            (true, _) => "pass",
            (false, true) => "miss (declared)",
            (false, false) => "FAIL",
        }
    }
}

impl Check {
    /// A row.
    #[must_use]
    pub fn new(
        what: impl Into<String>,
        unit: &str,
        reference: f64,
        ours: f64,
        allowed: Allowed,
    ) -> Self {
        Self {
            what: what.into(),
            unit: unit.to_owned(),
            reference,
            ours,
            allowed,
            range: None,
        }
    }

    /// The same with the range of ours.
    #[must_use]
    pub fn within(self, range: [f64; 2]) -> Self {
        let range = Some(range);
        Self { range, ..self }
    }

    /// Ours, and its range if it has one.
    #[must_use]
    pub fn ours_text(&self) -> String {
        let ours = self.number(self.ours);
        let end = |value| self.number(value).replace(&self.unit, "").trim().to_owned();
        match self.range {
            Some([low, high]) => format!("{ours} ({} to {})", end(low), end(high)),
            None => ours,
        }
    }

    /// Whether it is within its tolerance.
    #[must_use]
    pub fn passed(&self) -> bool {
        let difference = self.ours - self.reference;
        match self.allowed {
            Allowed::Absolute(limit) => difference.abs() <= limit,
            Allowed::Relative(limit) => difference.abs() <= limit * self.reference.abs(),
            Allowed::OfScale(limit, scale) => difference.abs() <= limit * scale,
            Allowed::AtLeast(above) => (0.0..=above * self.reference.abs()).contains(&difference),
        }
    }

    /// A word for tables.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        if self.passed() { "pass" } else { "miss" }
    }

    /// A figure with its unit, to a tenth of what is allowed or a thousandth of the reference: what
    /// is finer may differ between processors.
    #[must_use]
    pub fn number(&self, value: f64) -> String {
        let resolution = match self.allowed {
            Allowed::Absolute(limit) => 0.1 * limit,
            Allowed::OfScale(limit, scale) => 0.1 * limit * scale,
            Allowed::Relative(_) | Allowed::AtLeast(_) => 1e-3 * self.reference.abs(),
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let decimals = (-resolution.log10().floor()).clamp(0.0, 9.0) as usize;
        let text = format!("{value:.decimals$}");
        // No minus before a zero.
        let zero = text
            .trim_start_matches('-')
            .chars()
            .all(|c| matches!(c, '0' | '.'));
        let text = if zero {
            text.trim_start_matches('-')
        } else {
            &text
        };
        format!("{text} {}", self.unit).trim().to_owned()
    }

    /// How far ours is from the reference.
    #[must_use]
    pub fn deviation_text(&self) -> String {
        let difference = self.ours - self.reference;
        match self.allowed {
            Allowed::Absolute(_) => self.number(difference),
            Allowed::OfScale(_, scale) => format!("{:+.2} % of max", 100.0 * difference / scale),
            // Adding zero turns a negative zero into a positive one.
            _ => {
                let percent = (1000.0 * difference / self.reference.abs()).round() / 10.0 + 0.0;
                format!("{percent:+.1} %")
            }
        }
    }

    /// How far it may be.
    #[must_use]
    pub fn allowed_text(&self) -> String {
        match self.allowed {
            Allowed::Absolute(limit) => format!("±{}", self.number(limit)),
            Allowed::Relative(limit) => format!("±{:.2} %", 100.0 * limit),
            Allowed::OfScale(limit, _) => format!("±{:.2} % of max", 100.0 * limit),
            Allowed::AtLeast(above) => format!("0 to +{:.0} %", 100.0 * above),
        }
    }
}

/// A file of a case.
///
/// # Errors
/// It is not there.
pub(super) fn reference(id: &str, file: &str) -> Result<Source, StudyError> {
    let path = format!("{id}/{file}");
    let text = VALIDATION
        .get_file(&path)
        .and_then(include_dir::File::contents_utf8);
    text.map(|text| Source::shipped(&format!("validation/{path}"), text))
        .ok_or_else(|| StudyError::Model {
            what: format!("validation/{path}"),
            reason: "is missing from this build".to_owned(),
        })
}

/// A row of a CSV file with text columns.
#[derive(Clone, Debug)]
pub(super) struct Row(Vec<String>);

impl Row {
    /// A column as text; empty where there is none.
    #[must_use]
    pub(super) fn text(&self, column: usize) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    /// A column as a number; NaN where it is none.
    #[must_use]
    pub(super) fn number(&self, column: usize) -> f64 {
        self.text(column).parse().unwrap_or(f64::NAN)
    }
}

/// The rows of a CSV file with a header line.
///
/// # Errors
/// The file is missing.
pub(super) fn rows(id: &str, file: &str) -> Result<Vec<Row>, StudyError> {
    let source = reference(id, file)?;
    let lines = source
        .text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let row = |line: &str| Row(line.split(',').map(|cell| cell.trim().to_owned()).collect());
    Ok(lines.skip(1).map(row).collect())
}

/// The columns of a CSV file as numbers; text comes as NaN.
///
/// # Errors
/// The file is missing.
pub(super) fn table(id: &str, file: &str) -> Result<Vec<Vec<f64>>, StudyError> {
    let numbers = |row: Row| (0..row.0.len()).map(|column| row.number(column)).collect();
    Ok(rows(id, file)?.into_iter().map(numbers).collect())
}
