//! Turns the text of a file into a value, or into an error that points at file, line and column.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::units::HINT_MARK;

/// The schema version that input files state (`schema = 1`).
pub const SCHEMA: u32 = 1;

/// What is wrong with an input file, where, and what to try.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", file.display())]
pub struct InputError {
    /// The file, as the user named it.
    pub file: PathBuf,
    /// Its whole text, for showing the line; empty when it could not be read.
    pub text: String,
    /// Bytes of the text that are wrong, where known.
    pub span: Option<Range<usize>>,
    /// What is wrong and what is allowed.
    pub message: String,
    /// What to try.
    pub hint: Option<String>,
}

impl InputError {
    /// An error at `span` of a file's text; `message` may carry a hint after [`HINT_MARK`].
    #[must_use]
    pub fn at(file: &Path, text: &str, span: Option<Range<usize>>, message: &str) -> Self {
        let (message, hint) = match message.split_once(HINT_MARK) {
            Some((message, hint)) => (message.trim().to_owned(), Some(hint.trim().to_owned())),
            None => (message.trim().to_owned(), None),
        };
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            span,
            message,
            hint,
        }
    }

    /// The same error with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// One-based line and column of the error, where known.
    #[must_use]
    pub fn line_column(&self) -> Option<(usize, usize)> {
        let start = self.span.as_ref()?.start.min(self.text.len());
        let before = &self.text[..start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        Some((line, column))
    }
}

/// A file's text, kept so that later checks can point into it.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file, as the user named it.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
}

impl Source {
    /// Reads a file.
    ///
    /// # Errors
    /// The file cannot be read, or is not UTF-8.
    pub fn read(file: &Path) -> Result<Self, InputError> {
        match std::fs::read_to_string(file) {
            Ok(text) => Ok(Self {
                file: file.to_owned(),
                text,
            }),
            Err(error) => Err(
                InputError::at(file, "", None, &format!("cannot be read: {error}"))
                    .with_hint("check the path, and that the file is UTF-8 text"),
            ),
        }
    }

    /// A text that is no file of the user's, such as shipped data.
    #[must_use]
    pub fn shipped(name: &str, text: &str) -> Self {
        Self {
            file: PathBuf::from(name),
            text: text.to_owned(),
        }
    }

    /// Parses the text as TOML of schema 1. The `schema` key is checked first.
    ///
    /// # Errors
    /// Not TOML, wrong or missing schema, unknown key, missing key, bad value; each with its place.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, InputError> {
        self.check_schema()?;
        toml::from_str(&self.text).map_err(|error| self.toml_error(&error))
    }

    /// An error that points at `span`.
    #[must_use]
    pub fn error(&self, span: Option<Range<usize>>, message: &str) -> InputError {
        InputError::at(&self.file, &self.text, span, message)
    }

    fn check_schema(&self) -> Result<(), InputError> {
        #[derive(serde::Deserialize)]
        struct Head {
            schema: Option<toml::Spanned<toml::Value>>,
        }
        let head: Head = toml::from_str(&self.text).map_err(|error| self.toml_error(&error))?;
        let hint = "this version reads `schema = 1`";
        match head.schema {
            None => Err(self.error(None, "has no `schema` key").with_hint(hint)),
            Some(schema) if schema.get_ref().as_integer() == Some(i64::from(SCHEMA)) => Ok(()),
            Some(schema) => {
                let message = format!("schema {} is not known", schema.get_ref());
                Err(self.error(Some(schema.span()), &message).with_hint(hint))
            }
        }
    }

    fn toml_error(&self, error: &toml::de::Error) -> InputError {
        let message = error.message();
        let mut result = self.error(
            error.span(),
            &message
                .replacen("unknown field", "unknown key", 1)
                .replacen("missing field", "missing key", 1),
        );
        if let Some(rest) = message.strip_prefix("unknown field `")
            && let Some((written, rest)) = rest.split_once('`')
        {
            let allowed: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
            result.hint = nearest(written, &allowed).map(|name| format!("did you mean `{name}`?"));
        }
        result
    }
}

/// Bytes of the value at a key such as `rotor.v[0].bridge`, or of the nearest table around it.
#[must_use]
pub fn span_of(text: &str, place: &str) -> Option<std::ops::Range<usize>> {
    use toml::de::DeValue;
    let document = toml::de::DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut span = None;
    for step in place.split('.') {
        let (key, index) = match step.split_once('[') {
            Some((key, rest)) => (key, rest.trim_end_matches(']').parse::<usize>().ok()),
            None => (step, None),
        };
        let Some(mut value) = table.get(key) else {
            break;
        };
        if let (Some(index), DeValue::Array(items)) = (index, value.get_ref()) {
            let Some(item) = items.get(index) else { break };
            value = item;
        }
        span = Some(value.span());
        let DeValue::Table(inner) = value.get_ref() else {
            break;
        };
        table = inner;
    }
    span
}

/// The candidate that is nearest in spelling to `written`, if one is near.
#[must_use]
pub fn nearest<'a>(written: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let limit = (written.len() / 2).max(2);
    candidates
        .iter()
        .map(|candidate| (edit_distance(written, candidate), *candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substitution = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substitution.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Stack {
        schema: u32,
        #[serde(rename = "stack", deserialize_with = "crate::units::length::positive")]
        stack_m: f64,
    }

    fn error(text: &str) -> InputError {
        Source::shipped("machine.toml", text)
            .parse::<Stack>()
            .unwrap_err()
    }

    #[test]
    fn errors_point_at_line_and_column() {
        let e = error("schema = 1\nstack = \"132 kg\"\n");
        assert_eq!(e.line_column(), Some((2, 9)));
        assert!(e.message.contains("not a unit of length"));
        assert!(e.hint.unwrap().contains("mm"));
    }

    #[test]
    fn unknown_keys_suggest_the_nearest() {
        let e = error("schema = 1\nstack = \"132 mm\"\nstak = 3\n");
        assert_eq!(e.line_column(), Some((3, 1)));
        assert!(e.message.starts_with("unknown key `stak`"), "{}", e.message);
        assert_eq!(e.hint.as_deref(), Some("did you mean `stack`?"));
    }

    #[test]
    fn schema_is_checked_first() {
        assert!(error("stack = 3").message.contains("no `schema`"));
        assert!(
            error("schema = 7\nnonsense = 1")
                .message
                .contains("schema 7")
        );
        assert!(error("schema = 1\nstack = \"13").span.is_some());
    }
}
