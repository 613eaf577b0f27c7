//! A small programme made of the example's own files, for whole runs in seconds.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Sections that are kept: with them both stacks and the example's modules serve every car kept.
const SECTIONS: [&str; 2] = ["v48-220.toml", "vb48-200.toml"];
/// Vehicles that are kept: each partner has one with one driven axle and one with two.
const VEHICLES: [&str; 4] = [
    "bmw-city-hatch",
    "bmw-gran-coupe-allwheel",
    "jaguar-ipace-next",
    "jaguar-sport-saloon",
];

/// A copy of the example in a folder of its own, reduced; removed when dropped.
pub struct Programme {
    root: PathBuf,
    cache: PathBuf,
}

/// The results of a programme as it is, kept for a test program, and its finished sections.
pub struct Baseline {
    pub out: PathBuf,
    pub cache: PathBuf,
}

impl Baseline {
    /// Runs the programme that `make` gives for a cache.
    pub fn of(make: impl FnOnce(&Path) -> Programme) -> Self {
        let kept = scratch("kept");
        let _ = fs::remove_dir_all(&kept);
        let (out, cache) = (kept.join("out"), kept.join("cache"));
        let programme = make(&cache);
        programme.done(&[]);
        copy(&programme.out(), &out);
        Self { out, cache }
    }
}

/// The example in the repository.
pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/bmw-jlr")
}

/// A folder of this test program's own.
pub fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", env!("CARGO_CRATE_NAME")))
}

impl Programme {
    /// The example with two sections, two stacks, eight gear sets, four vehicles and a coarse field; `name` is not
    /// used twice in a test program.
    pub fn tiny(name: &str) -> Self {
        let root = scratch(name);
        let _ = fs::remove_dir_all(&root);
        copy(&example(), &root.join("programme"));
        let cache = root.join("cache");
        let programme = Self { root, cache };
        programme.reduce();
        programme
    }

    /// The same, with finished sections from another folder.
    pub fn tiny_with_cache(name: &str, cache: &Path) -> Self {
        let mut programme = Self::tiny(name);
        programme.cache = cache.to_owned();
        programme
    }

    fn reduce(&self) {
        for file in files(&self.folder().join("sections")) {
            if !SECTIONS.contains(&file.file_name().unwrap().to_str().unwrap()) {
                fs::remove_file(file).unwrap();
            }
        }
        for partner in ["bmw", "jlr"] {
            let file = format!("{partner}/vehicles.toml");
            let text = self.text(&file);
            let mut parts = text.split("[[vehicle]]\n");
            let mut kept = vec![parts.next().unwrap()];
            kept.extend(parts.filter(|part| {
                VEHICLES
                    .iter()
                    .any(|id| part.starts_with(&format!("id = \"{id}\"\n")))
            }));
            assert_eq!(kept.len(), 3, "vehicles of {partner}");
            self.write(&file, &kept.join("[[vehicle]]\n"));
        }
        self.set("programme.toml", "stacks = ", "[\"140 mm\", \"200 mm\"]");
        self.set("programme.toml", "front_shares = ", "[0.4, 0.5]");
        self.set("programme.toml", "ratios = ", "[8.5, 10]");
        self.set(
            "programme.toml",
            "input_torques = ",
            "[\"340 Nm\", \"500 Nm\"]",
        );
        let field =
            "\n[field]\ncurrents_d = 5\ncurrents_q = 5\npositions = 4\n\n[doubt]\nscenarios = 20\n";
        self.write("programme.toml", &(self.text("programme.toml") + field));
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
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// What lies beside the programme: the results, the cache and nothing else.
    pub fn beside(&self) -> Vec<String> {
        names(&self.root)
            .into_iter()
            .filter(|name| name != "programme")
            .collect()
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

    /// Gives a value to the first `key = ...` line of a file.
    pub fn set(&self, file: &str, key: &str, value: &str) {
        let text = self.text(file);
        let start = text
            .find(key)
            .unwrap_or_else(|| panic!("`{key}` is not in {file}"))
            + key.len();
        let end = start + text[start..].find('\n').unwrap();
        self.write(file, &format!("{}{value}{}", &text[..start], &text[end..]));
    }

    /// `codrive run` on it, not yet started.
    pub fn command(&self) -> Command {
        let mut command = codrive();
        command
            .arg("run")
            .arg(self.folder())
            .arg("--out")
            .arg(self.out())
            .arg("--cache")
            .arg(&self.cache);
        command
    }

    /// `codrive run` on it.
    pub fn run(&self, more: &[&str]) -> Output {
        self.command().args(more).output().unwrap()
    }

    /// `codrive run` on it, which must succeed; gives stderr.
    pub fn done(&self, more: &[&str]) -> String {
        let output = self.run(more);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        stderr
    }

    /// A JSON file of the results.
    pub fn json(&self, file: &str) -> Value {
        serde_json::from_slice(&fs::read(self.out().join(file)).unwrap()).unwrap()
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

/// Checks exit code and stderr; gives stderr.
pub fn says(output: &Output, code: i32, expected: &[&str]) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    for part in expected {
        assert!(stderr.contains(part), "`{part}` is missing in\n{stderr}");
    }
    assert!(!stderr.contains("panicked"), "{stderr}");
    stderr
}

/// Files and folders of a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    files
}

/// Names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    files(folder)
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

/// All files below a folder with their bytes, by path in it, sorted.
pub fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for path in files(folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(
                contents(&path)
                    .into_iter()
                    .map(|(below, bytes)| (format!("{name}/{below}"), bytes)),
            );
        } else {
            found.push((name, fs::read(&path).unwrap()));
        }
    }
    found
}

/// Insists that the folders of two runs hold the same files with the same bytes, the clean team's timing apart.
pub fn same(a: &Path, b: &Path) {
    let untimed = |folder: &Path| {
        let mut all = contents(folder);
        all.retain(|(path, _)| path != "clean-team/timing.json");
        all
    };
    let (a, b) = (untimed(a), untimed(b));
    let paths = |list: &[(String, Vec<u8>)]| {
        list.iter()
            .map(|(path, _)| path.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(paths(&a), paths(&b));
    for ((path, one), (_, other)) in a.iter().zip(&b) {
        assert!(one == other, "{path} differs");
    }
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
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
