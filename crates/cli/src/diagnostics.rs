//! Errors as people read them: file, line, caret, what is allowed, what to try.

use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use codrive_model::input::InputError;
use codrive_study::error::StudyError;

/// Prints the error on stderr and gives the exit code that belongs to it.
pub(crate) fn report(error: &StudyError) -> ExitCode {
    match error {
        StudyError::Input(errors) => {
            for error in errors {
                eprintln!("{}", render(error));
            }
        }
        StudyError::Unreachable(error) => eprintln!("{}", render(error)),
        other => {
            eprintln!("error: {other}");
            if let Some(hint) = other.hint() {
                eprintln!("help: {hint}");
            }
        }
    }
    ExitCode::from(error.exit_code())
}

fn render(error: &InputError) -> String {
    let file = error.file.display().to_string();
    let title = match &error.span {
        Some(_) => error.message.clone(),
        None => format!("{file}: {}", error.message),
    };
    let mut group = Group::with_title(Level::ERROR.primary_title(title.as_str()));
    let end = error.text.len();
    if let Some(span) = &error.span {
        let span = span.start.min(end)..span.end.min(end).max(span.start.min(end));
        let annotation = AnnotationKind::Primary.span(span);
        group = group.element(
            Snippet::source(error.text.as_str())
                .path(file.as_str())
                .fold(true)
                .annotation(annotation),
        );
    }
    if let Some(hint) = &error.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    Renderer::plain().render(&[group]).to_string()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn an_error_shows_file_line_caret_and_hint() {
        let text = "schema = 1\nstack = \"132 kg\"\n";
        let error = InputError::at(
            Path::new("machine.toml"),
            text,
            Some(19..27),
            "`kg` is not a unit of length",
        )
        .with_hint("allowed: mm, m");
        let shown = render(&error);
        for part in [
            "machine.toml:2:9",
            "^^^^^^^^",
            "not a unit of length",
            "help: allowed: mm, m",
        ] {
            assert!(shown.contains(part), "{part} in\n{shown}");
        }
    }
}
