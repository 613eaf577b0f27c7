//! Wrong files of single commands, and wrong arguments: named at their line, with the documented exit code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod programme;

use std::path::{Path, PathBuf};

use programme::{codrive, says, scratch};

/// A file for one test.
fn file(name: &str, text: &str) -> PathBuf {
    let folder = scratch("files");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_wrong_cycle_is_shown_at_its_line() {
    let cache = scratch("cycle-cache");
    for (name, text, expected) in [
        (
            "back.csv",
            "time_s,speed_m_s\n0,0\n1,1\n0.5,2\n",
            ["time does not advance: 0.5 s after 1 s", "back.csv:4:1"],
        ),
        (
            "head.csv",
            "t,v\n0,0\n1,1\n",
            ["`t,v` is not the header `time_s,speed_m_s`", "head.csv:1:1"],
        ),
        (
            "word.csv",
            "time_s,speed_m_s\n0,0\n1,fast\n",
            ["fast", "word.csv:3:1"],
        ),
        (
            "jump.csv",
            "time_s,speed_m_s\n0,0\n1,90\n",
            ["an acceleration of 90.0 m/s²", "jump.csv:3:1"],
        ),
    ] {
        let path = file(name, text);
        let output = codrive()
            .args(["vehicle", "run", "bmw-i3-94ah", "--cycle"])
            .arg(path)
            .arg("--cache")
            .arg(&cache)
            .output()
            .unwrap();
        says(&output, 2, &expected);
    }
    let output = codrive()
        .args(["vehicle", "run", "bmw-i3-94ah", "--cycle", "utds"])
        .output()
        .unwrap();
    says(&output, 2, &["no drive cycle `utds` is shipped", "udds"]);
    assert!(!cache.exists(), "something was written");
}

#[test]
fn a_machine_of_an_unknown_section_is_shown_at_its_line() {
    let text = "schema = 1\nid = \"mine\"\nname = \"mine\"\nsource = \"test\"\nsection = \"bmw-i4\"\nstack = \"132 mm\"\n\
                conductors_per_slot = 6\nparallel_paths = 4\nconnection = \"star\"\n";
    let path = file("machine.toml", text);
    let solve = |path: &Path| {
        codrive()
            .args(["motor", "solve"])
            .arg(path)
            .args(["--id", "0", "--iq", "10"])
            .output()
            .unwrap()
    };
    says(
        &solve(&path),
        2,
        &[
            "no section `bmw-i4` is shipped",
            "machine.toml:5:11",
            "^^^^^^^^",
            "bmw-i3",
        ],
    );
    let path = file("short.toml", &text[..text.len() / 2]);
    says(&solve(&path), 2, &["short.toml:", "^"]);
    says(
        &solve(Path::new("no-such.toml")),
        2,
        &["no-such.toml: cannot be read"],
    );
    says(
        &solve(Path::new("bmw-i5")),
        2,
        &["no machine `bmw-i5` is shipped", "bmw-i3"],
    );
}

#[test]
fn a_current_or_an_argument_that_is_no_number_is_refused() {
    let solve = |id: &str| {
        codrive()
            .args([
                "motor",
                "solve",
                "bmw-i3",
                "--iq",
                "10",
                &format!("--id={id}"),
            ])
            .output()
            .unwrap()
    };
    for id in ["nan", "inf", "-inf"] {
        says(&solve(id), 2, &["must be finite numbers"]);
    }
    says(&solve("ten"), 2, &["invalid value 'ten'", "--id"]);
    says(
        &codrive()
            .args(["run", "here", "--threads", "0"])
            .output()
            .unwrap(),
        2,
        &["--threads"],
    );
    says(
        &codrive().args(["run", "no-such-folder"]).output().unwrap(),
        2,
        &["no-such-folder: cannot be read"],
    );
}
