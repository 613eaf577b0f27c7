//! The materials that a section names: a shipped grade, or a file beside the section's own.

use codrive_catalogue::{Kind, get, names};
use codrive_model::input::{InputError, Source, nearest, span_of};
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;
use serde::de::DeserializeOwned;

/// Steel and magnet of a section; `source` is the section's file.
///
/// # Errors
/// A name that is not shipped, or a file that is missing or wrong.
pub fn of_section(section: &Section, source: &Source) -> Result<(Steel, MagnetGrade), InputError> {
    let steel = match beside(&section.steel, source) {
        Some(file) => Steel::read(&file?)?,
        None => shipped(Kind::Steel, "steel", &section.steel, source)?,
    };
    let magnet = match beside(&section.magnet, source) {
        Some(file) => MagnetGrade::read(&file?)?,
        None => shipped(Kind::Magnet, "magnet", &section.magnet, source)?,
    };
    Ok((steel, magnet))
}

/// The file that a name such as `own-steel.toml` means; `None` for the name of a grade.
fn beside(name: &str, source: &Source) -> Option<Result<Source, InputError>> {
    let file = name
        .ends_with(".toml")
        .then(|| source.file.with_file_name(name))?;
    Some(Source::read(&file))
}

fn shipped<T: DeserializeOwned>(
    kind: Kind,
    key: &str,
    name: &str,
    source: &Source,
) -> Result<T, InputError> {
    get(kind, name).map_err(|_| {
        let all = names(kind);
        let near =
            nearest(name, &all).map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        let message = format!("`{name}` is not in the catalogue");
        let hint = format!(
            "{near}shipped: {}; or a file beside this one, such as \"own-{key}.toml\"",
            all.join(", ")
        );
        source
            .error(span_of(&source.text, key), &message)
            .with_hint(hint)
    })
}
