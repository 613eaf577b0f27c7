//! A programme with everything it names, read and checked.

use std::path::{Path, PathBuf};

use codrive_catalogue::{CatalogueError, Kind, get, names};
use codrive_cost::prices::Prices;
use codrive_drive::thermal::limits::magnet_limit_k;
use codrive_field::geometry::{rotor, slot};
use codrive_model::gear_set::GearSet;
use codrive_model::input::{InputError, Source, nearest, span_of};
use codrive_model::inverter::Inverter;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::programme::Programme;
use codrive_model::section::{Section, SectionFault};
use codrive_model::tradeoff::TradeoffPlan;
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::error::StudyError;
use crate::gear_sets::gear_sets;
use crate::materials;
use crate::partner::{Partner, cross_check, read_partner};

/// The name of the folder that is the clean team's.
pub const CLEAN_TEAM: &str = "clean-team";

/// Everything a run reads.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The programme.
    pub programme: Programme,
    /// Its file.
    pub source: Source,
    /// The partners, in the programme's order.
    pub partners: Vec<Partner>,
    /// Candidate sections, by file name.
    pub sections: Vec<SectionInput>,
    /// Candidate inverters.
    pub inverters: Vec<Inverter>,
    /// Candidate gear sets.
    pub gear_sets: Vec<GearSet>,
    /// Prices.
    pub prices: Prices,
}

/// A section with its materials.
#[derive(Clone, Debug)]
pub struct SectionInput {
    /// The section.
    pub section: Section,
    /// Its file.
    pub source: Source,
    /// Its lamination.
    pub steel: Steel,
    /// Its magnets.
    pub magnet: MagnetGrade,
}

/// Reads a programme: its folder, or its `programme.toml`.
///
/// # Errors
/// Every fault of the files, so that all can be mended in one go.
pub fn read(path: &Path) -> Result<Inputs, StudyError> {
    let file = if path.is_dir() {
        path.join("programme.toml")
    } else {
        path.to_owned()
    };
    let source = Source::read(&file)?;
    let programme: Programme = source.parse()?;
    check_programme(&programme, &source)?;
    let root = file.parent().map(Path::to_owned).unwrap_or_default();
    let mut faults = Faults::default();
    let partners: Vec<Partner> = programme
        .partners
        .iter()
        .filter_map(|id| faults.keep(read_partner(&root, id, &source)))
        .collect();
    faults.extend(cross_check(&partners, &programme.economics));
    let sections = faults
        .keep(read_sections(&root, &programme, &source))
        .unwrap_or_default();
    let candidates = &programme.candidates;
    let inverters = faults.keep_all(
        candidates
            .inverters
            .iter()
            .map(|id| shipped(Kind::Inverter, id, &source)),
    );
    let gear_sets = faults
        .keep(gear_sets(candidates, &source))
        .unwrap_or_default();
    let prices = faults.keep(read_prices(&programme.economics.prices, &root, &source));
    match prices {
        Some(prices) => faults.or(Inputs {
            programme,
            source,
            partners,
            sections,
            inverters,
            gear_sets,
            prices,
        }),
        None => Err(StudyError::Input(faults.0)),
    }
}

/// The shipped price set of a name, or the one of a file beside the programme.
fn read_prices(name: &str, root: &Path, source: &Source) -> Result<Prices, Vec<InputError>> {
    let file = if name.ends_with(".toml") {
        Source::read(&root.join(name)).map_err(|error| vec![error])?
    } else {
        let span = span_of(&source.text, "economics.prices");
        codrive_catalogue::source(Kind::Prices, name)
            .map_err(|_| vec![unknown(Kind::Prices, name, span, source)])?
    };
    let prices: Prices = file.parse().map_err(|error| vec![error])?;
    prices.check().map_err(|(place, message, hint)| {
        let span = span_of(&file.text, place);
        vec![file.error(span, &message).with_hint(hint)]
    })?;
    Ok(prices)
}

/// Collects every fault instead of stopping at the first.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<InputError>);

impl Faults {
    pub(crate) fn keep<T>(&mut self, result: Result<T, Vec<InputError>>) -> Option<T> {
        result.map_err(|errors| self.0.extend(errors)).ok()
    }

    fn keep_all<T>(&mut self, results: impl Iterator<Item = Result<T, Vec<InputError>>>) -> Vec<T> {
        results.filter_map(|result| self.keep(result)).collect()
    }

    pub(crate) fn extend(&mut self, errors: Vec<InputError>) {
        self.0.extend(errors);
    }

    fn or<T>(self, value: T) -> Result<T, StudyError> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(StudyError::Input(self.0))
        }
    }
}

fn check_programme(programme: &Programme, source: &Source) -> Result<(), InputError> {
    let at = |place: &str, message: &str| Err(source.error(span_of(&source.text, place), message));
    let candidates = &programme.candidates;
    if programme.partners.is_empty() {
        return at("partners", "must name at least one partner");
    }
    for (i, id) in programme.partners.iter().enumerate() {
        if programme.partners[..i]
            .iter()
            .any(|other| other.get_ref() == id.get_ref())
        {
            let message = format!("partner `{}` is named twice", id.get_ref());
            return Err(source
                .error(Some(id.span()), &message)
                .with_hint("name each partner once"));
        }
    }
    for (place, empty) in [
        ("candidates.stacks", candidates.stacks.is_empty()),
        ("candidates.windings", candidates.windings.is_empty()),
        ("candidates.inverters", candidates.inverters.is_empty()),
        (
            "candidates.gear_sets",
            candidates.gear_sets.is_empty() && candidates.sized_gear_sets.is_empty(),
        ),
        (
            "candidates.front_shares",
            candidates.front_shares.is_empty(),
        ),
    ] {
        if empty {
            return at(place, "is empty: must list at least one candidate");
        }
    }
    if candidates
        .stacks
        .iter()
        .any(|stack| !(0.02..=0.5).contains(stack))
    {
        return at(
            "candidates.stacks",
            "stacks must lie between 20 mm and 500 mm",
        );
    }
    if candidates
        .windings
        .iter()
        .any(|w| w.conductors_per_slot == 0 || w.parallel_paths == 0)
    {
        return at(
            "candidates.windings",
            "conductors per slot and parallel paths must be 1 or more",
        );
    }
    if candidates
        .front_shares
        .iter()
        .any(|share| !(0.05..=0.95).contains(share))
    {
        return at(
            "candidates.front_shares",
            "shares must lie between 0.05 and 0.95",
        );
    }
    check_field(programme, source)?;
    if programme.tradeoffs.points > TradeoffPlan::MOST_POINTS {
        let message = format!("{} points are too many", programme.tradeoffs.points);
        let hint = format!("at most {}", TradeoffPlan::MOST_POINTS);
        let span = span_of(&source.text, "tradeoffs.points");
        return Err(source.error(span, &message).with_hint(hint));
    }
    check_economics(programme, source)
}

fn check_field(programme: &Programme, source: &Source) -> Result<(), InputError> {
    let field = programme.field;
    for (place, currents) in [
        ("field.currents_d", field.currents_d),
        ("field.currents_q", field.currents_q),
    ] {
        if !(2..=200).contains(&currents) {
            let message = format!("{currents} currents: must be from 2 to 200");
            return Err(source
                .error(span_of(&source.text, place), &message)
                .with_hint("11 unless told"));
        }
    }
    if !(2..=48).contains(&field.positions) || !field.positions.is_multiple_of(2) {
        let message = format!(
            "{} positions: must be an even number from 2 to 48",
            field.positions
        );
        let hint = "12 unless told; fewer alias the torque ripple";
        return Err(source
            .error(span_of(&source.text, "field.positions"), &message)
            .with_hint(hint));
    }
    Ok(())
}

fn check_economics(programme: &Programme, source: &Source) -> Result<(), InputError> {
    let economics = &programme.economics;
    let years = [
        ("economics.base_year", economics.base_year),
        ("economics.development_start", economics.development_start),
        ("economics.last_year", economics.last_year),
    ];
    for (place, year) in years {
        if !(1990..=2100).contains(&year) {
            let message = format!("the year {year} is out of range: must be from 1990 to 2100");
            return Err(source.error(span_of(&source.text, place), &message));
        }
    }
    if economics.last_year < economics.development_start {
        let span = span_of(&source.text, "economics.last_year");
        return Err(source.error(span, "must not be before `development_start`"));
    }
    Ok(())
}

pub(crate) fn one<T>(result: Result<T, InputError>) -> Result<T, Vec<InputError>> {
    result.map_err(|error| vec![error])
}

fn read_sections(
    root: &Path,
    programme: &Programme,
    source: &Source,
) -> Result<Vec<SectionInput>, Vec<InputError>> {
    let folder = root.join(programme.candidates.sections.get_ref());
    let files = toml_files(&folder);
    if files.is_empty() {
        let message = format!("no section file (*.toml) in {}", folder.display());
        return Err(vec![
            source.error(Some(programme.candidates.sections.span()), &message),
        ]);
    }
    let mut faults = Faults::default();
    let sections: Vec<SectionInput> = faults.keep_all(
        files
            .iter()
            .map(|file| one(Source::read(file)).and_then(|s| one(read_section(s)))),
    );
    for (i, input) in sections.iter().enumerate() {
        if sections[..i]
            .iter()
            .any(|other| other.section.id == input.section.id)
        {
            let span = span_of(&input.source.text, "id");
            faults.extend(vec![input.source.error(span, "section id is used twice")]);
        }
    }
    if faults.0.is_empty() {
        Ok(sections)
    } else {
        Err(faults.0)
    }
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    files
}

/// Reads a section, looks its materials up and draws it, so that what lies outside of it is found
/// before anything is solved.
///
/// # Errors
/// Not a section, one that cannot be drawn, or a material that is neither shipped nor beside it.
pub fn read_section(source: Source) -> Result<SectionInput, InputError> {
    let section = Section::read(&source)?;
    draw(&section).map_err(|fault| fault.in_file(&source))?;
    let (steel, magnet) = materials::of_section(&section, &source)?;
    check_magnet(&section, &magnet, &source)?;
    Ok(SectionInput {
        section,
        source,
        steel,
        magnet,
    })
}

/// Refuses a temperature beyond what the magnets' grade bears, or at which they have no remanence left.
fn check_magnet(
    section: &Section,
    magnet: &MagnetGrade,
    source: &Source,
) -> Result<(), InputError> {
    let asked_k = section.magnet_temperature_k;
    let celsius = |kelvin: f64| format!("{:.0} degC", kelvin - 273.15);
    let refused = |message: &str, hint: String| {
        let span = span_of(&source.text, "magnet_temperature");
        Err(source.error(span, message).with_hint(hint))
    };
    let (name, asked) = (&magnet.name, celsius(asked_k));
    if magnet.remanence_t(asked_k) <= 0.0 {
        let last_k = 293.15 - magnet.remanence_per_k.recip();
        let message = format!("`{name}` has no remanence left at {asked}");
        return refused(&message, format!("below {}", celsius(last_k)));
    }
    match magnet_limit_k(name) {
        Some(most_k) if asked_k > most_k => {
            let most = celsius(most_k);
            let message = format!("{asked} is beyond what magnets of grade {name} bear, {most}");
            refused(&message, format!("at most {most}"))
        }
        _ => Ok(()),
    }
}

/// Draws rotor and slot.
///
/// # Errors
/// What cannot be drawn, with its key.
pub fn draw(section: &Section) -> Result<(), SectionFault> {
    rotor::draw(section)?;
    slot::draw(section)?;
    Ok(())
}

/// A shipped thing that a file names.
pub(crate) fn shipped<T: DeserializeOwned>(
    kind: Kind,
    id: &Spanned<String>,
    source: &Source,
) -> Result<T, Vec<InputError>> {
    get(kind, id.get_ref()).map_err(|error| match error {
        CatalogueError::Unknown(_) => {
            vec![unknown(kind, id.get_ref(), Some(id.span()), source)]
        }
        CatalogueError::Input(error) => vec![error],
    })
}

fn unknown(
    kind: Kind,
    name: &str,
    span: Option<std::ops::Range<usize>>,
    source: &Source,
) -> InputError {
    let all = names(kind);
    let message = format!("`{name}` is not in the catalogue");
    let hint = match nearest(name, &all) {
        Some(near) => format!("did you mean `{near}`? shipped: {}", all.join(", ")),
        None => format!("shipped: {}", all.join(", ")),
    };
    source.error(span, &message).with_hint(hint)
}
