//! A partner's private files, read and checked, alone and against the others'.

use std::path::{Path, PathBuf};

use codrive_model::input::{InputError, Source, span_of};
use codrive_model::programme::{Economics, Plant, PlantFile};
use codrive_model::vehicle::{Vehicle, VehicleFile};
use codrive_model::wish::{Wish, WishFile};
use toml::Spanned;

use crate::inputs::{CLEAN_TEAM, Faults, one};

/// Names that files of the results have: `clean-team/`, and `released/log.json`.
const RESERVED: [&str; 2] = [CLEAN_TEAM, "log"];

/// The files of a partner's folder.
const FILES: [&str; 3] = ["vehicles.toml", "plants.toml", "wishes.toml"];

/// One partner's own files.
#[derive(Clone, Debug)]
pub struct Partner {
    /// Id.
    pub id: String,
    /// Its vehicles.
    pub vehicles: Vec<Vehicle>,
    /// Its plants.
    pub plants: Vec<Plant>,
    /// `vehicles.toml`.
    pub vehicle_source: Source,
    /// `plants.toml`.
    pub plant_source: Source,
    /// What it insists on, whatever the others would choose.
    pub wishes: Vec<Wish>,
    /// `wishes.toml`, where there is one.
    pub wish_source: Option<Source>,
}

impl Partner {
    fn vehicle_ids(&self) -> impl Iterator<Item = &str> {
        self.vehicles.iter().map(|vehicle| vehicle.id.as_str())
    }

    fn plant_ids(&self) -> impl Iterator<Item = &str> {
        self.plants.iter().map(|plant| plant.id.as_str())
    }

    /// Its private files.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        [&self.vehicle_source, &self.plant_source]
            .into_iter()
            .chain(&self.wish_source)
    }
}

/// Reads a partner's folder beside the programme.
///
/// # Errors
/// Every fault of its files.
pub(crate) fn read_partner(
    root: &Path,
    id: &Spanned<String>,
    programme: &Source,
) -> Result<Partner, Vec<InputError>> {
    let name = id.get_ref();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(plain) || RESERVED.contains(&name.as_str()) {
        let message = format!(
            "`{name}` is not a partner id: lower-case letters, digits and hyphens, not `{CLEAN_TEAM}` or `log`"
        );
        return Err(vec![programme.error(Some(id.span()), &message)]);
    }
    let folder = root.join(name);
    if !folder.is_dir() {
        let message = format!("partner `{name}` has no folder {}", folder.display());
        let hint = "make it, with vehicles.toml and plants.toml in it";
        return Err(vec![
            programme.error(Some(id.span()), &message).with_hint(hint),
        ]);
    }
    let mut faults = Faults::default();
    let [vehicles, plants, wishes] = FILES.map(|file| folder.join(file));
    let vehicles = faults.keep(one(read_vehicles(&vehicles)));
    let plants = faults.keep(one(read_plants(&plants)));
    let wishes = faults.keep(one(read_wishes(&wishes)));
    faults.extend(unread(&folder));
    if !faults.0.is_empty() {
        return Err(faults.0);
    }
    match (vehicles, plants, wishes) {
        (
            Some((vehicles, vehicle_source)),
            Some((plants, plant_source)),
            Some((wishes, wish_source)),
        ) => Ok(Partner {
            id: name.clone(),
            vehicles,
            plants,
            vehicle_source,
            plant_source,
            wishes,
            wish_source,
        }),
        _ => Err(faults.0),
    }
}

/// Files that look like a partner's and that nothing reads: a wish in a file of another name would be lost in silence.
fn unread(folder: &Path) -> Vec<InputError> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| {
        let name = file.file_name().and_then(|name| name.to_str());
        let is_toml = file.extension().is_some_and(|ending| ending == "toml");
        is_toml && !name.is_some_and(|name| FILES.contains(&name))
    });
    files.sort();
    let fault = |file: &PathBuf| {
        let hint = format!(
            "a partner's files are {}; move it, or rename it",
            FILES.join(", ")
        );
        InputError::at(
            file,
            "",
            None,
            "no such file is read from a partner's folder",
        )
        .with_hint(hint)
    };
    files.iter().map(fault).collect()
}

fn read_vehicles(file: &Path) -> Result<(Vec<Vehicle>, Source), InputError> {
    let source = Source::read(file)?;
    Ok((VehicleFile::read(&source)?.vehicles, source))
}

fn read_plants(file: &Path) -> Result<(Vec<Plant>, Source), InputError> {
    let source = Source::read(file)?;
    let plants = source.parse::<PlantFile>()?.plants;
    if plants.is_empty() {
        return Err(source
            .error(None, "holds no [[plant]]")
            .with_hint("each partner needs at least one plant"));
    }
    for (i, plant) in plants.iter().enumerate() {
        if !(plant.capacity_per_year.is_finite() && plant.capacity_per_year > 0.0) {
            let message = format!(
                "{} EDUs a year is out of range: must be above zero",
                plant.capacity_per_year
            );
            let span = span_of(&source.text, &format!("plant[{i}].capacity_per_year"));
            return Err(source.error(span, &message).with_hint("for example 250000"));
        }
        if plants[..i].iter().any(|other| other.id == plant.id) {
            return Err(source
                .error(
                    span_of(&source.text, &format!("plant[{i}].id")),
                    "plant id is used twice",
                )
                .with_hint("give each [[plant]] an id of its own"));
        }
    }
    Ok((plants, source))
}

/// A partner without the file has no wishes.
fn read_wishes(file: &Path) -> Result<(Vec<Wish>, Option<Source>), InputError> {
    if !file.exists() {
        return Ok((Vec::new(), None));
    }
    let source = Source::read(file)?;
    let wishes = source.parse::<WishFile>()?.wishes;
    for (i, wish) in wishes.iter().enumerate() {
        if wish.own.is_some() == wish.without.is_some() {
            let span = span_of(&source.text, &format!("wish[{i}]"));
            let hint = "own = \"inverter\", or without = { inverter-technology = \"si-igbt\" }";
            let message = "a wish has either `own` or `without`";
            return Err(source.error(span, message).with_hint(hint));
        }
    }
    Ok((wishes, Some(source)))
}

/// Checks between partners and with the programme: ids are unique, no private file names another partner, and cars
/// are built within the programme's years.
pub(crate) fn cross_check(partners: &[Partner], economics: &Economics) -> Vec<InputError> {
    let mut errors: Vec<InputError> = partners
        .iter()
        .flat_map(|partner| mentions(partner, partners))
        .collect();
    for (i, partner) in partners.iter().enumerate() {
        for other in &partners[..i] {
            let source = &partner.vehicle_source;
            errors.extend(taken(
                "vehicle",
                source,
                partner.vehicle_ids(),
                other.vehicle_ids(),
            ));
            let source = &partner.plant_source;
            errors.extend(taken(
                "plant",
                source,
                partner.plant_ids(),
                other.plant_ids(),
            ));
        }
    }
    errors.extend(
        partners
            .iter()
            .flat_map(|partner| years(partner, economics)),
    );
    errors
}

/// Ids of a partner's file that another partner has.
fn taken<'p>(
    kind: &str,
    source: &Source,
    ids: impl Iterator<Item = &'p str>,
    others: impl Iterator<Item = &'p str>,
) -> Vec<InputError> {
    let others: Vec<&str> = others.collect();
    let hint = "ids are unique in the programme; begin them with the firm's name";
    let ids = ids.enumerate().filter(|(_, id)| others.contains(id));
    ids.map(|(i, id)| {
        let span = span_of(&source.text, &format!("{kind}[{i}].id"));
        let message = format!("{kind} id `{id}` is taken");
        source.error(span, &message).with_hint(hint)
    })
    .collect()
}

/// Cars that are first built before their development starts or after the programme's last year.
fn years(partner: &Partner, economics: &Economics) -> Vec<InputError> {
    let source = &partner.vehicle_source;
    let allowed = economics.development_start..=economics.last_year;
    let outside = |(v, vehicle): (usize, &Vehicle)| {
        let year = vehicle.volumes.first_year;
        let message = format!(
            "`{}` is first built in {year}: must be from {} (`development_start`) to {} (`last_year`) of programme.toml",
            vehicle.id,
            allowed.start(),
            allowed.end()
        );
        let span = span_of(&source.text, &format!("vehicle[{v}].volumes"));
        let hint = "move the first year, or change [economics] in programme.toml";
        (!allowed.contains(&year)).then(|| source.error(span, &message).with_hint(hint))
    };
    let vehicles = partner.vehicles.iter().enumerate();
    vehicles.filter_map(outside).collect()
}

/// Where a partner's private files name another partner.
fn mentions(partner: &Partner, all: &[Partner]) -> Vec<InputError> {
    let others = || all.iter().filter(|other| other.id != partner.id);
    let in_file = |source: &Source| -> Vec<InputError> {
        let named = others().filter_map(|other| Some((other, word(&source.text, &other.id)?)));
        named
            .map(|(other, span)| {
                let message = format!("a private file of `{}` names `{}`", partner.id, other.id);
                let hint = "what concerns more than one partner belongs into programme.toml";
                source.error(Some(span), &message).with_hint(hint)
            })
            .collect()
    };
    partner.sources().flat_map(in_file).collect()
}

/// Where a whole word stands in a text, in whatever case; a hyphen ends a word.
fn word(text: &str, wanted: &str) -> Option<std::ops::Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let alone = |start: usize| {
        let end = start + wanted.len();
        !lower[..start].ends_with(part) && !lower[end..].starts_with(part)
    };
    lower
        .match_indices(wanted)
        .map(|(start, _)| start)
        .find(|start| alone(*start))
        .map(|start| start..start + wanted.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_whole_and_in_any_case() {
        assert_eq!(word("made for North and South", "south"), Some(19..24));
        assert_eq!(word("southern, my_south", "south"), None);
        assert_eq!(word("south-coast", "south"), Some(0..5));
        assert_eq!(word("(south)", "south"), Some(1..6));
    }
}
