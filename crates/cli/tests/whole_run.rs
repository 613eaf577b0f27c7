//! The whole job on a small programme: folders, numbers that belong together, and the same bytes
//! however a run comes about.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

mod programme;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use programme::{Programme, contents, copy, files, names, same};
use serde_json::Value;

/// One run on one thread with an empty cache, for all tests; and how long it took.
fn first() -> &'static (Programme, Duration) {
    static RUN: OnceLock<(Programme, Duration)> = OnceLock::new();
    RUN.get_or_init(|| {
        let programme = Programme::tiny("first");
        let begun = Instant::now();
        programme.done(&["--threads", "1", "--fresh"]);
        (programme, begun.elapsed())
    })
}

fn summary() -> Value {
    first().0.json("clean-team/summary.json")
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}

fn list(value: &Value) -> &Vec<Value> {
    value
        .as_array()
        .unwrap_or_else(|| panic!("{value} is no list"))
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}

#[test]
fn the_folders_are_those_of_the_readers_and_nothing_else() {
    let (programme, _) = first();
    assert_eq!(programme.beside(), ["cache", "out"]);
    assert_eq!(names(&programme.out()), ["bmw", "clean-team", "jlr"]);
    for reader in ["bmw", "clean-team", "jlr"] {
        let held = names(&programme.out().join(reader));
        for file in ["report.html", "summary.json", "manifest.json"] {
            assert!(
                held.iter().any(|name| name == file),
                "{reader} lacks {file}"
            );
        }
        let is_timed = held.iter().any(|name| name == "timing.json");
        assert_eq!(is_timed, reader == "clean-team", "{reader}");
    }
    assert_eq!(
        names(&programme.out().join("clean-team/released")),
        ["bmw.json", "jlr.json", "log.json"]
    );
}

fn all_private(path: &Path) {
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        mode,
        if path.is_dir() { 0o700 } else { 0o600 },
        "{}",
        path.display()
    );
    if path.is_dir() {
        files(path).iter().for_each(|below| all_private(below));
    }
}

#[test]
fn results_and_cache_are_readable_by_their_owner_only() {
    all_private(&first().0.out());
    all_private(first().0.cache());
}

#[test]
fn the_summary_has_every_key() {
    let summary = summary();
    for pointer in [
        "/schema",
        "/programme",
        "/sections_simulated",
        "/operating_points_solved",
        "/configurations/evaluated",
        "/configurations/feasible",
        "/configurations/pruned",
        "/family/cost_eur",
        "/family/lower_bound_eur",
        "/family/gap",
        "/family/modules/sections",
        "/family/modules/machines",
        "/family/modules/inverters",
        "/family/modules/gear_sets",
        "/cost/alone_eur/bmw",
        "/cost/alone_eur/jlr",
        "/cost/together_eur",
        "/cost/share_eur/bmw",
        "/cost/share_eur/jlr",
        "/cost/months_alone/bmw",
        "/cost/months_alone/jlr",
        "/cost/months_together",
    ] {
        assert!(summary.pointer(pointer).is_some(), "{pointer}");
    }
    assert_eq!(summary["schema"], 1);
    assert_eq!(summary["sections_simulated"], 2);
    // Two sections of 5 x 5 currents at 4 positions.
    assert_eq!(summary["operating_points_solved"], 200);
    let rows = [
        (
            "/requirements",
            "partner vehicle axle wheel_torque_nm power_w max_speed_rad_per_s continuous_power_w",
        ),
        (
            "/family/assignment",
            "partner vehicle axle section stack_mm turns inverter gear_set gear_ratio plant torque_limit_nm \
             power_limit_w regen_limit_w",
        ),
        ("/vehicles", "partner vehicle results"),
    ];
    for (pointer, keys) in rows {
        for row in list(summary.pointer(pointer).unwrap()) {
            keys.split_whitespace()
                .for_each(|key| assert!(row.get(key).is_some(), "{pointer} lacks {key}"));
        }
    }
    let results = "zero_to_100_s eighty_to_120_s top_speed_km_per_h gradeability wltp_wh_per_km wltp_range_km \
                   udds_wh_per_km hwfet_wh_per_km";
    for vehicle in list(&summary["vehicles"]) {
        for key in results.split_whitespace() {
            assert!(
                number(&vehicle["results"][key]["value"]).is_finite(),
                "{key}"
            );
        }
    }
}

#[test]
fn the_money_adds_up() {
    let (summary, cost) = (summary(), summary()["cost"].clone());
    let together = number(&cost["together_eur"]);
    assert_eq!(summary["family"]["cost_eur"], cost["together_eur"]);
    let gap = number(&summary["family"]["gap"]);
    let bound = number(&summary["family"]["lower_bound_eur"]);
    assert!(
        (0.0..=0.01).contains(&gap) && ((together - bound) / together - gap).abs() < 1e-12,
        "{gap}"
    );
    // The part that no decision changes is left out.
    let of_avoidable = number(&summary["family"]["gap_of_avoidable"]);
    assert!((gap..=0.01).contains(&of_avoidable), "{of_avoidable}");
    let share = |partner: &str| number(&cost["share_eur"][partner]);
    let alone = |partner: &str| number(&cost["alone_eur"][partner]);
    // Sums of a few doubles: the last digits of a billion are at most a micro-euro.
    assert!((share("bmw") + share("jlr") - together).abs() < 1e-3);
    for partner in ["bmw", "jlr"] {
        assert!(
            share(partner) <= alone(partner) && alone(partner) > 0.0,
            "{partner} is worse off"
        );
        assert!(number(&cost["alone_lower_bound_eur"][partner]) <= alone(partner));
    }
    // Shapley for two: each saves half.
    let saving = alone("bmw") + alone("jlr") - together;
    assert!((alone("bmw") - share("bmw") - 0.5 * saving).abs() < 1e-3);
    let sum = |key: &str| {
        list(&cost["categories"])
            .iter()
            .map(|c| number(&c[key]))
            .sum::<f64>()
    };
    assert!((sum("together_eur") - together).abs() < 1e-3);
    assert!((sum("alone_eur") - alone("bmw") - alone("jlr")).abs() < 1e-3);
}

#[test]
fn every_driven_axle_has_its_row() {
    let summary = summary();
    let axles = |rows: &Value| -> Vec<String> {
        let name = |r: &Value| {
            format!(
                "{} {} {}",
                text(&r["partner"]),
                text(&r["vehicle"]),
                text(&r["axle"])
            )
        };
        list(rows).iter().map(name).collect()
    };
    let driven = [
        "bmw bmw-city-hatch rear",
        "bmw bmw-gran-coupe-allwheel front",
        "bmw bmw-gran-coupe-allwheel rear",
        "jlr jaguar-ipace-next front",
        "jlr jaguar-ipace-next rear",
        "jlr jaguar-sport-saloon rear",
    ];
    assert_eq!(axles(&summary["requirements"]), driven);
    assert_eq!(axles(&summary["family"]["assignment"]), driven);
    let used = |key: &str| -> BTreeSet<&str> {
        list(&summary["family"]["assignment"])
            .iter()
            .map(|row| text(&row[key]))
            .collect()
    };
    for (list_name, key) in [
        ("sections", "section"),
        ("machines", "machine"),
        ("inverters", "inverter"),
        ("gear_sets", "gear_set"),
    ] {
        let released: BTreeSet<&str> = list(&summary["family"]["modules"][list_name])
            .iter()
            .map(text)
            .collect();
        assert_eq!(released, used(key), "{list_name}");
    }
}

#[test]
fn assembly_is_in_the_owners_plants() {
    for row in list(&summary()["family"]["assignment"]) {
        let own: &[&str] = if row["partner"] == "bmw" {
            &["steyr", "dingolfing"]
        } else {
            &["wolverhampton"]
        };
        assert!(own.contains(&text(&row["plant"])), "{row}");
    }
}

#[test]
fn every_target_is_met_and_its_margin_told() {
    // Where a smaller value is better, the margin is what is left of the target, else what is above.
    for vehicle in list(&summary()["vehicles"]) {
        let results = vehicle["results"].as_object().unwrap();
        let judged: Vec<_> = results
            .iter()
            .filter(|(_, outcome)| outcome.get("target").is_some())
            .collect();
        assert_eq!(judged.len(), 7, "{}", vehicle["vehicle"]);
        for (name, outcome) in judged {
            let [value, target, margin] =
                ["value", "target", "margin"].map(|key| number(&outcome[key]));
            let relative = value / target - 1.0;
            let expected = if name.ends_with("_s") {
                -relative
            } else {
                relative
            };
            assert!((margin - expected).abs() < 1e-9, "{name}: {outcome}");
            assert!(
                margin >= 0.0,
                "{} misses {name}: {outcome}",
                vehicle["vehicle"]
            );
        }
    }
}

#[test]
fn software_limits_are_at_or_below_the_hardwares() {
    let mut reduced = 0;
    for partner in ["bmw", "jlr"] {
        let release = first()
            .0
            .json(&format!("clean-team/released/{partner}.json"));
        let numbers = |value: &Value| -> Vec<f64> { list(value).iter().map(number).collect() };
        for (row, unit) in list(&release["assignment"])
            .iter()
            .zip(list(&release["units"]))
        {
            let [speed, most, least] = ["speed_rad_per_s", "torque_max_nm", "torque_min_nm"]
                .map(|key| numbers(&unit["axle"][key]));
            let torque = most.iter().copied().fold(0.0, f64::max);
            let power = speed
                .iter()
                .zip(&most)
                .map(|(w, t)| w * t)
                .fold(0.0, f64::max);
            let regen = speed
                .iter()
                .zip(&least)
                .map(|(w, t)| -w * t)
                .fold(0.0, f64::max);
            for (key, hardware) in [
                ("torque_limit_nm", torque),
                ("power_limit_w", power),
                ("regen_limit_w", regen),
            ] {
                let limit = number(&row[key]);
                assert!(
                    limit > 0.0 && limit <= hardware * (1.0 + 1e-12),
                    "{key}: {limit} over {hardware}"
                );
                reduced += usize::from(limit < 0.999 * hardware);
            }
        }
    }
    assert!(
        reduced > 0,
        "the files ask for characters below the hardware"
    );
}

/// Exact numbers behind those that a report shows.
fn shown(report: &str) -> Vec<f64> {
    let values = report.split("<data value=\"").skip(1);
    values
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect()
}

#[test]
fn the_reports_numbers_are_the_summarys() {
    let report = fs::read_to_string(first().0.out().join("clean-team/report.html")).unwrap();
    let shown = shown(&report);
    let summary = summary();
    let cost = &summary["cost"];
    let mut expected = vec![number(&cost["together_eur"])];
    expected.extend(["bmw", "jlr"].map(|partner| number(&cost["share_eur"][partner])));
    expected.push(
        ["bmw", "jlr"]
            .iter()
            .map(|partner| number(&cost["alone_eur"][*partner]))
            .sum(),
    );
    for row in list(&summary["requirements"]) {
        expected.extend([number(&row["wheel_torque_nm"]), number(&row["power_w"])]);
    }
    for vehicle in list(&summary["vehicles"]) {
        for outcome in vehicle["results"]
            .as_object()
            .unwrap()
            .values()
            .filter(|o| o.get("target").is_some())
        {
            expected.extend([number(&outcome["value"]), number(&outcome["target"])]);
        }
    }
    for value in expected {
        // A report may show a multiple of the summary's unit, such as kW.
        let same = |s: &f64| {
            [1.0, 1e3, 1e6, 1e-2]
                .iter()
                .any(|unit| (s * unit - value).abs() <= 1e-12 * value.abs())
        };
        assert!(
            shown.iter().any(same),
            "{value} of the summary is not in the report"
        );
    }
}

#[test]
fn reports_ask_for_nothing_from_outside() {
    for reader in ["bmw", "clean-team", "jlr"] {
        let report = fs::read_to_string(first().0.out().join(reader).join("report.html")).unwrap();
        let without = report.replace("http://www.w3.org/2000/svg", "");
        for sign in [
            "http:",
            "https:",
            "//cdn",
            "@import",
            "src=",
            "url(http",
            "fetch(",
            "XMLHttp",
            "WebSocket",
            "<link",
            "<iframe",
        ] {
            assert!(!without.contains(sign), "{reader}: `{sign}`");
        }
        for target in without.split("href=\"").skip(1) {
            assert!(
                target.starts_with('#') || target.starts_with("data:"),
                "{reader}: {}",
                &target[..60.min(target.len())]
            );
        }
        for missing in ["NaN", ">inf", "undefined", "null"] {
            let body = without.split("<script").next().unwrap();
            assert!(!body.contains(missing), "{reader}: `{missing}`");
        }
    }
}

#[test]
fn the_manifest_names_what_is_there() {
    for reader in ["bmw", "clean-team", "jlr"] {
        let manifest = first().0.json(&format!("{reader}/manifest.json"));
        let outputs: BTreeSet<&str> = manifest["outputs"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let there = contents(&first().0.out().join(reader));
        let there: BTreeSet<&str> = there
            .iter()
            .map(|(path, _)| path.as_str())
            .filter(|p| !["manifest.json", "timing.json"].contains(p))
            .collect();
        assert_eq!(outputs, there, "{reader}");
    }
    let inputs = first().0.json("bmw/manifest.json")["inputs"].to_string();
    assert!(
        inputs.contains("bmw/vehicles.toml") && !inputs.contains("jlr/"),
        "{inputs}"
    );
}

#[test]
fn two_threads_write_the_same_bytes() {
    let programme = Programme::tiny("two-threads");
    programme.done(&["--threads", "2", "--fresh"]);
    same(&programme.out(), &first().0.out());
}

/// Names and times of the files of a cache.
fn stamps(cache: &Path) -> Vec<(PathBuf, SystemTime)> {
    files(cache)
        .into_iter()
        .map(|f| (f.clone(), fs::metadata(f).unwrap().modified().unwrap()))
        .collect()
}

/// A programme that begins with the first run's cache, its own copy.
fn with_finished_sections(name: &str) -> Programme {
    let programme = Programme::tiny(name);
    copy(first().0.cache(), programme.cache());
    programme
}

#[test]
fn a_second_run_uses_the_finished_sections() {
    let programme = with_finished_sections("second");
    let before = stamps(programme.cache());
    assert_eq!(before.len(), 2);
    let begun = Instant::now();
    // Into the results of an earlier programme, which are replaced.
    fs::create_dir_all(programme.out().join("left-the-programme")).unwrap();
    fs::write(
        programme.out().join("left-the-programme/manifest.json"),
        "{\"codrive\": \"0\"}",
    )
    .unwrap();
    programme.done(&["--threads", "1"]);
    assert!(begun.elapsed() < first().1, "not faster than the first run");
    assert_eq!(
        stamps(programme.cache()),
        before,
        "a section was solved again"
    );
    same(&programme.out(), &first().0.out());
}

#[test]
fn a_damaged_section_is_noted_and_solved_again() {
    let programme = with_finished_sections("damaged");
    let whole = contents(programme.cache());
    let path = files(programme.cache())[1].clone();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let stderr = programme.done(&[]);
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    assert!(
        stderr.contains("note: ") && stderr.contains(&name) && stderr.contains("is damaged"),
        "{stderr}"
    );
    same(&programme.out(), &first().0.out());
    assert!(
        contents(programme.cache()) == whole,
        "the cache is not whole again"
    );
}

/// Starts a run and waits until the first section is finished and the second is being solved.
fn amid_sections(programme: &Programme) -> Child {
    let mut child = programme
        .command()
        .arg("--quiet")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let finished = |path: &PathBuf| path.extension().is_some_and(|e| e == "json");
    while !programme.cache().is_dir() || !files(programme.cache()).iter().any(finished) {
        assert!(
            child.try_wait().unwrap().is_none(),
            "ended before a section was finished"
        );
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "no section in two minutes"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let programme = Programme::tiny("killed");
    let mut child = amid_sections(&programme);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!programme.out().exists());
    let finished = stamps(programme.cache());
    programme.done(&[]);
    let after = stamps(programme.cache());
    assert!(
        finished
            .iter()
            .filter(|(f, _)| !f.to_string_lossy().contains("partial"))
            .all(|kept| after.contains(kept))
    );
    assert_eq!(programme.beside(), ["cache", "out"]);
    same(&programme.out(), &first().0.out());
}

#[test]
fn ctrl_c_ends_with_130_and_keeps_what_is_finished() {
    let programme = Programme::tiny("interrupted");
    let child = amid_sections(&programme);
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("finished sections are kept"), "{stderr}");
    assert_eq!(programme.beside(), ["cache"], "something half-made is left");
    let kept = files(programme.cache());
    assert!(
        !kept.is_empty()
            && kept
                .iter()
                .all(|path| path.extension().is_some_and(|e| e == "json")),
        "{kept:?}"
    );
}

#[test]
fn stdout_holds_the_summary_when_asked() {
    let programme = with_finished_sections("json");
    let output = programme.run(&["--json", "--quiet"]);
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed, summary());
}

#[test]
fn overlap_tells_the_same_requirements() {
    let programme = &first().0;
    let output = programme::codrive()
        .args(["overlap", "--json", "--quiet"])
        .arg(programme.folder())
        .arg("--cache")
        .arg(programme.cache())
        .output()
        .unwrap();
    let overlap: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(overlap["requirements"], summary()["requirements"]);
}
