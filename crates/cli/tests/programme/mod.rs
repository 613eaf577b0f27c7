//! A small programme made of the example's own files, for whole runs in seconds.

#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A copy of the example in a folder of its own, reduced; removed when dropped.
pub struct Programme {
    root: PathBuf,
}

/// The example in the repository.
pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/bmw-jlr")
}

impl Programme {
    /// The example with two sections, two stacks, two windings and a coarse field.
    pub fn tiny(name: &str) -> Self {
        let unique = format!("codrive-{name}-{}-{:?}", std::process::id(), std::thread::current().id());
        let root = std::env::temp_dir().join(unique.replace(['(', ')'], ""));
        let _ = fs::remove_dir_all(&root);
        copy(&example(), &root.join("programme"));
        let programme = Self { root };
        programme.reduce();
        programme
    }

    fn reduce(&self) {
        let keep = ["bmw-i3.toml"];
        let mut templates = 0;
        for file in files(&self.folder().join("sections")) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let template = fs::read_to_string(&file).unwrap().contains("[[rotor.v]]");
            if template {
                templates += 1;
            }
            if !(keep.contains(&name.as_str()) || (template && templates <= 1)) {
                fs::remove_file(file).unwrap();
            }
        }
        let text = self.text("programme.toml");
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines() {
            if line.starts_with("stacks = ") {
                lines.push("stacks = [\"140 mm\", \"200 mm\"]".to_owned());
            } else if line.starts_with("front_shares = ") {
                lines.push("front_shares = [0.4, 0.5]".to_owned());
            } else {
                lines.push(line.to_owned());
            }
        }
        lines.push("[field]\ncurrents_d = 5\ncurrents_q = 5\npositions = 4".to_owned());
        self.write("programme.toml", &lines.join("\n"));
    }

    /// The programme's folder.
    pub fn folder(&self) -> PathBuf {
        self.root.join("programme")
    }

    /// The folder of the results.
    pub fn out(&self) -> PathBuf {
        self.root.join("out")
    }

    /// The folder of the cache.
    pub fn cache(&self) -> PathBuf {
        self.root.join("cache")
    }

    /// A file's text.
    pub fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder().join(file)).unwrap()
    }

    /// Writes a file.
    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.folder().join(file), text).unwrap();
    }

    /// Replaces the first occurrence of a text that must be there.
    pub fn replace(&self, file: &str, from: &str, to: &str) {
        let text = self.text(file);
        assert!(text.contains(from), "`{from}` is not in {file}");
        self.write(file, &text.replacen(from, to, 1));
    }

    /// A section made from a template: its path below the programme, and its text.
    pub fn first_template_section(&self) -> (String, String) {
        let file = files(&self.folder().join("sections"))
            .into_iter()
            .find(|file| fs::read_to_string(file).unwrap().contains("[[rotor.v]]"))
            .unwrap();
        let name = format!("sections/{}", file.file_name().unwrap().to_string_lossy());
        let text = self.text(&name);
        (name, text)
    }

    /// `codrive run` on it.
    pub fn run(&self, more: &[&str]) -> Output {
        self.run_into(&self.out(), more)
    }

    /// `codrive run` on it, into a folder.
    pub fn run_into(&self, out: &Path, more: &[&str]) -> Output {
        codrive()
            .arg("run")
            .arg(self.folder())
            .arg("--out")
            .arg(out)
            .arg("--cache")
            .arg(self.cache())
            .args(more)
            .output()
            .unwrap()
    }
}

impl Drop for Programme {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The binary under test.
pub fn codrive() -> Command {
    Command::new(env!("CARGO_BIN_EXE_codrive"))
}

/// Files of a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in files(from) {
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            fs::copy(&entry, &target).unwrap();
        }
    }
}
