//! The folders that a run leaves: one for the clean team, one per partner, and nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use codrive_model::input::Source;
use codrive_model::summary::ReportData;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::StudyError;
use crate::files::{FileError, create_private_folder, write_whole};
use crate::out::publish;

/// Turns report data into a page.
pub type Render<'a> = &'a dyn Fn(&ReportData) -> String;

/// `manifest.json`: what went into a folder and what is in it.
#[derive(Serialize)]
struct Manifest<'a> {
    schema: u32,
    codrive: &'a str,
    inputs: BTreeMap<String, String>,
    outputs: BTreeMap<String, String>,
}

/// A folder being filled.
pub struct Folder {
    name: String,
    path: PathBuf,
    outputs: BTreeMap<String, String>,
    begun: Instant,
}

/// The folders of a run, staged beside the place where they will appear.
pub struct Staging {
    out: PathBuf,
    staged: PathBuf,
    folders: Vec<String>,
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A value as indented JSON with a line's end.
///
/// # Errors
/// A number that JSON cannot hold.
pub fn json_bytes<T: Serialize>(file: &Path, value: &T) -> Result<Vec<u8>, FileError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| FileError {
        path: file.to_owned(),
        error: error.into(),
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

impl Staging {
    /// Stages folders for `out`.
    ///
    /// # Errors
    /// The staging folder cannot be made.
    pub fn new(out: &Path) -> Result<Self, FileError> {
        remove_left_over(out);
        let mut name = out.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.partial", std::process::id()));
        let staged = out.with_file_name(name);
        create_private_folder(&staged)?;
        Ok(Self {
            out: out.to_owned(),
            staged,
            folders: Vec::new(),
        })
    }

    /// A new folder.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn folder(&mut self, name: &str) -> Result<Folder, FileError> {
        let path = self.staged.join(name);
        create_private_folder(&path)?;
        self.folders.push(name.to_owned());
        Ok(Folder {
            name: name.to_owned(),
            path,
            outputs: BTreeMap::new(),
            begun: Instant::now(),
        })
    }

    /// Puts all folders in place.
    ///
    /// # Errors
    /// Something of the same name that codrive did not write is in the way.
    pub fn publish(self) -> Result<(), StudyError> {
        publish(&self.staged, &self.out, &self.folders)
    }
}

/// Removes what a killed run staged beside `out`: its process is gone.
fn remove_left_over(out: &Path) {
    let name = out
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let beside = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    for entry in std::fs::read_dir(beside).into_iter().flatten().flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let process = file
            .strip_prefix(&format!("{name}."))
            .and_then(|rest| rest.strip_suffix(".partial"))
            .and_then(|process| process.parse::<u32>().ok());
        let processes = Path::new("/proc");
        let gone =
            |p: u32| processes.join("self").exists() && !processes.join(p.to_string()).exists();
        if process.is_some_and(gone) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After publishing it is gone already; after an error nothing half-made is left.
        let _ = std::fs::remove_dir_all(&self.staged);
    }
}

impl Folder {
    /// Writes a file into it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.path.join(file);
        if let Some(parent) = path.parent() {
            create_private_folder(parent)?;
        }
        write_whole(&path, bytes)?;
        self.outputs.insert(file.to_owned(), sha256(bytes));
        Ok(())
    }

    /// Writes a value as JSON.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_json<T: Serialize>(&mut self, file: &str, value: &T) -> Result<(), FileError> {
        let bytes = json_bytes(&self.path.join(file), value)?;
        self.write(file, &bytes)
    }

    /// Writes the report and the summary.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn write_report(
        &mut self,
        data: &ReportData,
        render: Render<'_>,
    ) -> Result<(), StudyError> {
        self.write_json("summary.json", &data.summary)?;
        self.write_json("report-data.json", data)?;
        self.write("report.html", render(data).as_bytes())?;
        Ok(())
    }

    /// Writes the manifest and, where they are given, the seconds by stage; timings are in no other file.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn finish(
        mut self,
        programme: &Source,
        inputs: &[&Source],
        timing: Option<&BTreeMap<String, f64>>,
    ) -> Result<(), StudyError> {
        let hashed = inputs
            .iter()
            .map(|s| (short_name(programme, &s.file), sha256(s.text.as_bytes())));
        let manifest = Manifest {
            schema: 1,
            codrive: env!("CARGO_PKG_VERSION"),
            inputs: hashed.collect(),
            outputs: self.outputs.clone(),
        };
        self.write_json("manifest.json", &manifest)?;
        let Some(timing) = timing else {
            return Ok(());
        };
        let mut timing = timing.clone();
        timing.insert(
            format!("writing {}", self.name),
            self.begun.elapsed().as_secs_f64(),
        );
        self.write_json(
            "timing.json",
            &Timing {
                schema: 1,
                seconds: timing,
            },
        )?;
        Ok(())
    }
}

/// `timing.json`: seconds by stage.
#[derive(Serialize)]
struct Timing {
    schema: u32,
    seconds: BTreeMap<String, f64>,
}

/// A file's path below the programme's folder: the same wherever the programme lies.
fn short_name(programme: &Source, file: &Path) -> String {
    let folder = programme.file.parent().unwrap_or(Path::new(""));
    file.strip_prefix(folder)
        .unwrap_or(file)
        .display()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_staged_is_removed_and_what_a_living_one_stages_is_not() {
        let dir = std::env::temp_dir().join(format!("codrive-staging-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let out = dir.join("out");
        // No process has so high a number; process 1 lives.
        let (dead, alive) = (
            dir.join("out.4294967294.partial"),
            dir.join("out.1.partial"),
        );
        for folder in [&dead, &alive, &dir.join("out.mine.partial")] {
            create_private_folder(folder).unwrap();
        }
        drop(Staging::new(&out).unwrap());
        assert!(!dead.exists() || !Path::new("/proc/self").exists());
        assert!(alive.exists() && dir.join("out.mine.partial").exists() && !out.exists());
        std::fs::remove_dir_all(dir).unwrap();
    }
}
