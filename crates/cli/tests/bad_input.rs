//! Every absurd input gets file, line, caret and a hint, its documented exit code, and nothing is
//! written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod programme;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use programme::{Programme, names, says, scratch};

const SHARES: &str = "front_shares = [0.4, 0.5]";
const WRONG_GEAR_SET: &str = "gear_sets = [\"two-stage-9.4-5000\"]\nfront_shares = [0.4, 0.5]";
const PROGRAMME: &str = "programme.toml";
const BMW: &str = "bmw/vehicles.toml";
const JLR: &str = "jlr/vehicles.toml";
const PLANTS: &str = "jlr/plants.toml";
const SECTION: &str = "sections/v48-220.toml";

/// A programme of its own for the test that calls; they run beside each other.
fn tiny() -> Programme {
    let test = std::thread::current()
        .name()
        .unwrap_or("test")
        .replace("::", "-");
    Programme::tiny(&test)
}

/// Runs a changed programme, checks what stderr says and that nothing was written.
fn refused_after(change: impl FnOnce(&Programme), expected: &[&str]) -> String {
    let programme = tiny();
    change(&programme);
    let stderr = says(&programme.run(&[]), 2, expected);
    assert_eq!(programme.beside(), [] as [&str; 0], "something was written");
    stderr
}

/// Runs a programme with one text replaced; the message must show file, caret and these parts.
fn refused(file: &str, from: &str, to: &str, expected: &[&str]) {
    let stderr = refused_after(|programme| programme.replace(file, from, to), expected);
    assert!(
        stderr.contains(&format!("{file}:")) && stderr.contains("^"),
        "no place in\n{stderr}"
    );
}

/// The line of a text in the changed programme, as messages show it.
fn line_of(text: &str, part: &str) -> usize {
    text.lines().position(|line| line.contains(part)).unwrap() + 1
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_known_one() {
    refused(
        PROGRAMME,
        "discount_rate",
        "discont_rate",
        &[
            "unknown key `discont_rate`",
            "did you mean `discount_rate`?",
        ],
    );
    refused(
        PLANTS,
        "capacity_per_year",
        "capasity_per_year",
        &[
            "unknown key `capasity_per_year`",
            "did you mean `capacity_per_year`?",
        ],
    );
}

#[test]
fn the_line_and_column_are_those_of_the_fault() {
    let programme = tiny();
    programme.replace(BMW, "tyre_friction = 1.0", "tyre_friction = 9.9");
    let line = line_of(&programme.text(BMW), "tyre_friction = 9.9");
    let stderr = says(
        &programme.run(&[]),
        2,
        &["9.9 is out of range: must be from 0.05 to 1.8", "^^^"],
    );
    assert!(
        stderr.contains(&format!("bmw/vehicles.toml:{line}:17")),
        "{stderr}"
    );
}

#[test]
fn a_missing_unit_is_named() {
    refused(
        BMW,
        "kerb = \"1365 kg\"",
        "kerb = \"1365\"",
        &["`1365` has no unit", "such as \"1345 kg\""],
    );
}

#[test]
fn a_wrong_dimension_is_named() {
    refused(
        BMW,
        "kerb = \"1365 kg\"",
        "kerb = \"12 kW\"",
        &["`kW` is not a unit of mass", "allowed: kg, g, t, lb"],
    );
}

#[test]
fn an_impossible_value_is_named() {
    refused(
        BMW,
        "kerb = \"1365 kg\"",
        "kerb = \"-5 kg\"",
        &["-5 kg is out of range: must be above zero"],
    );
    refused(BMW, "kerb = \"1365 kg\"", "kerb = \"nan kg\"", &["kg"]);
    refused(
        BMW,
        "cars_per_year = [25000",
        "cars_per_year = [-25000",
        &["-25000 cars per year is out of range"],
    );
    refused(
        PROGRAMME,
        "discount_rate = \"7 %\"",
        "discount_rate = \"-7 %\"",
        &["out of range"],
    );
    refused(
        PROGRAMME,
        "base_year = 2025",
        "base_year = 999999",
        &["999999 is out of range: must be from 1990 to 2100"],
    );
    refused(
        PROGRAMME,
        "last_year = 2037",
        "last_year = 2020",
        &["must not be before `development_start`"],
    );
    refused(
        PROGRAMME,
        "\"140 mm\"",
        "\"140 m\"",
        &["stacks must lie between 20 mm and 500 mm"],
    );
    refused(
        PROGRAMME,
        "positions = 4",
        "positions = 0",
        &["0 positions: must be an even number from 2 to 48"],
    );
    refused(
        PROGRAMME,
        "currents_d = 5",
        "currents_d = 1",
        &["1 currents: must be from 2 to 200"],
    );
    refused(
        PROGRAMME,
        "stacks = [\"140 mm\", \"200 mm\"]",
        "stacks = []",
        &["must list at least one candidate"],
    );
    refused(
        PROGRAMME,
        "stacks = [\"140 mm\", \"200 mm\"]",
        "stacks = { from = \"140 mm\", to = \"200 mm\", step = \"7 mm\" }",
        &["programme.toml:", "the step does not meet the range's end"],
    );
    refused(
        PROGRAMME,
        "ratios = [8.5, 10]",
        "ratios = [3]",
        &["programme.toml:", "4 to 20"],
    );
    refused(
        PROGRAMME,
        "scenarios = 20",
        "scenarios = 20\n[tradeoffs]\npoints = 1000",
        &["1000 points are too many", "at most 20"],
    );
}

#[test]
fn impossible_plants_are_named() {
    let (from, key) = ("capacity_per_year = 250000", "capacity_per_year = ");
    refused(
        PLANTS,
        from,
        &format!("{key}-5"),
        &["-5 EDUs a year is out of range: must be above zero"],
    );
    refused(
        PLANTS,
        from,
        &format!("{key}50"),
        &[
            "the plants hold 50 EDUs a year, the cars need 88000",
            "raise a capacity",
        ],
    );
    refused(
        PLANTS,
        "labour_cost = \"36 EUR/h\"",
        "labour_cost = \"-36 EUR/h\"",
        &["out of range"],
    );
}

/// A price set of one's own beside the programme, with one text replaced.
fn own_prices(from: &'static str, to: &'static str) -> impl FnOnce(&Programme) {
    let shipped = include_str!("../../../data/prices/europe-2025.toml");
    assert!(shipped.contains(from), "no `{from}`");
    move |programme| {
        programme.write("prices.toml", &shipped.replacen(from, to, 1));
        programme.replace(
            PROGRAMME,
            "prices = \"europe-2025\"",
            "prices = \"prices.toml\"",
        );
    }
}

#[test]
fn mistakes_in_ones_own_price_set_are_pointed_at() {
    let date = "date = \"2026-02-09\"\n";
    for (from, to, says) in [
        (date, "", "missing key `date`"),
        (date, "date = \"lately\"\n", "`date` is `lately`"),
        ("\"70 EUR/kg\"", "\"70 EUR\"", "not a unit of price by mass"),
        (
            "high = \"55 %\"",
            "high = \"95 %\"",
            "labour and electricity may be 109 %",
        ),
    ] {
        let stderr = refused_after(own_prices(from, to), &[says]);
        assert!(
            stderr.contains("prices.toml:") && stderr.contains('^'),
            "no place in\n{stderr}"
        );
    }
    refused_after(
        |programme| {
            programme.replace(
                PROGRAMME,
                "prices = \"europe-2025\"",
                "prices = \"none.toml\"",
            );
        },
        &["none.toml"],
    );
}

#[test]
fn a_partner_without_a_plant_is_named() {
    let none = |p: &Programme| p.write(PLANTS, "schema = 1\nplant = []\n");
    refused_after(none, &[PLANTS, "holds no [[plant]]", "at least one plant"]);
    let missing = |p: &Programme| p.write(PLANTS, "schema = 1\n");
    refused_after(missing, &[PLANTS, "missing key `plant`"]);
    let key = "capacity_per_year = 250000\n";
    refused(
        PLANTS,
        key,
        "",
        &["missing key `capacity_per_year`", "jlr/plants.toml:"],
    );
    refused(
        PLANTS,
        key,
        "capacity_per_year = 0\n",
        &[
            "0 EDUs a year is out of range: must be above zero",
            "for example 250000",
        ],
    );
}

#[test]
fn missing_volumes_are_named() {
    let cut = |p: &Programme| {
        let text = p.text(JLR);
        let start = text.find("volumes = {").unwrap();
        let end = start + text[start..].find('\n').unwrap() + 1;
        p.write(JLR, &(text[..start].to_owned() + &text[end..]));
    };
    let stderr = refused_after(
        cut,
        &[
            "vehicle `jaguar-ipace-next` has no `volumes`",
            "add volumes = { first_year = 2029",
        ],
    );
    assert!(
        stderr.contains("jlr/vehicles.toml:") && stderr.contains('^'),
        "{stderr}"
    );
    let zero = |p: &Programme| {
        let text = p.text(JLR);
        let start = text.find("cars_per_year = [").unwrap();
        let end = start + text[start..].find(']').unwrap() + 1;
        p.write(
            JLR,
            &(text[..start].to_owned() + "cars_per_year = [0, 0]" + &text[end..]),
        );
    };
    refused_after(
        zero,
        &["no car is built in any year", "jlr/vehicles.toml:", "^"],
    );
}

#[test]
fn a_partner_that_would_take_the_place_of_another_file_is_refused() {
    refused(
        PROGRAMME,
        "[\"bmw\", \"jlr\"]",
        "[\"bmw\", \"log\"]",
        &["`log` is not a partner id"],
    );
}

#[test]
fn an_unknown_name_lists_what_is_there() {
    let unknown = "`no-such-inverter` is not in the catalogue";
    refused(
        PROGRAMME,
        "inverters = [",
        "inverters = [\"no-such-inverter\", ",
        &[unknown, "shipped: si-400v-350a"],
    );
    refused(
        PROGRAMME,
        SHARES,
        WRONG_GEAR_SET,
        &["did you mean `two-stage-9.4-500`?"],
    );
    refused(
        PROGRAMME,
        "prices = \"europe-2025\"",
        "prices = \"mars-2025\"",
        &["mars-2025", "shipped: europe-2025"],
    );
    refused(
        SECTION,
        "steel = \"M250-35A\"",
        "steel = \"M251-35A\"",
        &[
            "`M251-35A` is not in the catalogue",
            "did you mean `m250-35a`?",
        ],
    );
}

#[test]
fn an_axle_that_is_not_there_is_refused() {
    refused(
        BMW,
        "axles = [\"rear\"]",
        "axles = [\"middle\"]",
        &["`middle`", "`front` or `rear`"],
    );
    refused(
        BMW,
        "axle = \"rear\"",
        "axle = \"front\"",
        &["`character` names the front axle, which is not driven"],
    );
}

#[test]
fn an_id_is_used_once() {
    let (from, own) = ("id = \"jaguar-sport-saloon\"", "id = \"jaguar-ipace-next\"");
    refused(
        JLR,
        from,
        own,
        &["vehicle id `jaguar-ipace-next` is used twice"],
    );
    refused(
        JLR,
        from,
        "id = \"bmw-city-hatch\"",
        &["vehicle id `bmw-city-hatch` is taken", "ids are unique"],
    );
    refused(
        PROGRAMME,
        "[\"bmw\", \"jlr\"]",
        "[\"bmw\", \"jlr\", \"bmw\"]",
        &["partner `bmw` is named twice"],
    );
    refused(
        PROGRAMME,
        "[\"bmw\", \"jlr\"]",
        "[\"bmw\", \"clean-team\"]",
        &["`clean-team` is not a partner id"],
    );
    refused(
        PROGRAMME,
        "[\"bmw\", \"jlr\"]",
        "[\"bmw\", \"../jlr\"]",
        &["`../jlr` is not a partner id"],
    );
}

#[test]
fn a_wrong_schema_is_named() {
    refused(
        PROGRAMME,
        "schema = 1",
        "schema = 9",
        &["schema 9 is not known", "`schema = 1`"],
    );
    refused_after(
        |p| p.replace(BMW, "schema = 1\n", ""),
        &["bmw/vehicles.toml: has no `schema` key", "`schema = 1`"],
    );
}

#[test]
fn a_truncated_file_is_named() {
    for file in [PROGRAMME, BMW, PLANTS, SECTION] {
        // Cut within the last value of each file, so that the text ends amid a line.
        for share in [0.35, 0.8] {
            let cut = |programme: &Programme| {
                let text = programme.text(file);
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_precision_loss,
                    clippy::cast_sign_loss
                )]
                let middle = (share * text.len() as f64) as usize;
                let quote = middle + text[middle..].find(" = \"").unwrap() + 5;
                programme.write(file, &text[..quote]);
            };
            let stderr = refused_after(cut, &[file]);
            assert!(stderr.contains('^'), "{stderr}");
        }
    }
    let empty = |programme: &Programme| programme.write(JLR, "");
    refused_after(empty, &["jlr/vehicles.toml: has no `schema` key"]);
    let binary =
        |p: &Programme| std::fs::write(p.folder().join(JLR), [0xff, 0xfe, 0x00, 0x41]).unwrap();
    refused_after(binary, &["jlr/vehicles.toml: cannot be read", "UTF-8"]);
}

#[test]
fn a_missing_partner_folder_is_named() {
    let remove = |p: &Programme| std::fs::remove_dir_all(p.folder().join("jlr")).unwrap();
    refused_after(
        remove,
        &[
            "partner `jlr` has no folder",
            "programme.toml:",
            "^",
            "plants.toml",
        ],
    );
    let remove = |p: &Programme| std::fs::remove_file(p.folder().join(PLANTS)).unwrap();
    refused_after(
        remove,
        &["jlr/plants.toml: cannot be read", "check the path"],
    );
}

#[test]
fn a_private_file_that_names_another_partner_is_refused() {
    refused(
        PLANTS,
        "schema = 1",
        "# near BMW's\nschema = 1",
        &["jlr/plants.toml:", "a private file of `jlr` names `bmw`"],
    );
    refused(
        BMW,
        "name = \"City hatch",
        "name = \"City hatch against JLR's",
        &[
            "a private file of `bmw` names `jlr`",
            "belongs into programme.toml",
        ],
    );
    let wish = |p: &Programme| {
        p.write(
            "jlr/wishes.toml",
            "schema = 1\n[[wish]]\nname = \"not from BMW\"\nown = \"inverter\"\n",
        );
    };
    refused_after(
        wish,
        &["jlr/wishes.toml:3", "a private file of `jlr` names `bmw`"],
    );
}

#[test]
fn a_wish_is_one_thing() {
    let both = |p: &Programme| {
        let wish = "schema = 1\n[[wish]]\nname = \"both\"\nown = \"inverter\"\n\
                    without = { module = \"sic-400v-450a\" }\n";
        p.write("jlr/wishes.toml", wish);
    };
    refused_after(both, &["jlr/wishes.toml:", "either `own` or `without`"]);
    let unknown = |p: &Programme| {
        let wish = "schema = 1\n[[wish]]\nname = \"a\"\nown = \"wheel\"\n";
        p.write("jlr/wishes.toml", wish);
    };
    refused_after(unknown, &["jlr/wishes.toml:4", "gear-set"]);
}

#[test]
fn all_faults_are_told_at_once() {
    let break_three = |programme: &Programme| {
        programme.replace(BMW, "kerb = \"1365 kg\"", "kerb = \"-5 kg\"");
        programme.replace(PLANTS, "schema = 1", "schema = 2");
        programme.replace(PROGRAMME, SHARES, WRONG_GEAR_SET);
    };
    refused_after(
        break_three,
        &["bmw/vehicles.toml:", "jlr/plants.toml:", "programme.toml:"],
    );
}

#[test]
fn an_air_gap_of_zero_or_less_is_refused() {
    let bore = "bore_diameter = \"152 mm\"";
    refused(
        SECTION,
        bore,
        "bore_diameter = \"150.5 mm\"",
        &["an air gap of 0 mm", "the bore diameter is 150.5 mm"],
    );
    refused(
        SECTION,
        bore,
        "bore_diameter = \"100 mm\"",
        &["an air gap of -25.25 mm", "the bore diameter is 100 mm"],
    );
}

#[test]
fn a_magnet_outside_the_rotor_is_refused() {
    let width = "magnet_width = \"18.5 mm\"";
    refused(
        SECTION,
        width,
        "magnet_width = \"190 mm\"",
        &["190 mm is out of range: must be at most"],
    );
    refused(
        SECTION,
        "depth = \"20.8 mm\"",
        "depth = \"1 mm\"",
        &["1 mm leaves no room for the magnet below the bridge"],
    );
}

#[test]
fn a_target_beyond_the_tyres_is_shown_at_its_place() {
    let expected = [
        "`zero_to_100` is beyond the tyres' limit of the rear axle",
        "drive both axles",
    ];
    refused(
        BMW,
        "zero_to_100 = \"7.0 s\"",
        "zero_to_100 = \"1.0 s\"",
        &expected,
    );
}

/// One cache for the tests that need solved sections.
fn solved() -> &'static Path {
    static CACHE: OnceLock<PathBuf> = OnceLock::new();
    CACHE.get_or_init(|| {
        let cache = scratch("cache");
        let _ = std::fs::remove_dir_all(&cache);
        let programme = Programme::tiny_with_cache("solved", &cache);
        programme.done(&[]);
        cache
    })
}

/// Runs a programme whose target is beyond reach: exit code 3, the target's line and caret, the nearest
/// candidate, what it misses and by how much, and what to try.
fn beyond(name: &str, (file, from, to): (&str, &str, &str), expected: &[&str]) -> String {
    let programme = Programme::tiny_with_cache(name, solved());
    programme.replace(file, from, to);
    let line = line_of(&programme.text(file), to);
    let stderr = says(&programme.run(&[]), 3, expected);
    assert!(
        stderr.contains(&format!("{file}:{line}:")) && stderr.contains('^'),
        "no place in\n{stderr}"
    );
    assert_eq!(programme.beside(), [] as [&str; 0], "something was written");
    stderr
}

#[test]
fn a_target_that_no_candidate_meets_is_told_with_the_nearest() {
    let top_speed = "top_speed = \"350 km/h\"";
    let range = "wltp_range = \"3400 km\"";
    for (change, expected) in [
        (
            (BMW, "top_speed = \"150 km/h\"", top_speed),
            ["misses top_speed of 350.0 km/h by", "lower `ratios`"],
        ),
        (
            (BMW, "wltp_range = \"340 km\"", range),
            ["misses wltp_range of 3400.0 km by", "silicon carbide"],
        ),
    ] {
        let stderr = beyond(
            "unreachable",
            change,
            &[
                "`bmw: bmw-city-hatch rear`",
                "no candidate unit meets this target; the nearest, v",
                " with si",
                "-stage-",
                "help: lower the target, or add candidates",
                expected[0],
                expected[1],
            ],
        );
        let shortfall = stderr
            .split(" by ")
            .nth(1)
            .and_then(|rest| rest.split(" %").next());
        assert!(
            shortfall
                .and_then(|text| text.parse::<f64>().ok())
                .is_some_and(|p| p > 0.0 && p < 100.0),
            "{stderr}"
        );
    }
}

#[test]
fn an_axle_of_two_is_told_with_its_share() {
    let to = "top_speed = \"350 km/h\"";
    let from = "top_speed = \"200 km/h\"";
    let stderr = beyond(
        "unreachable-two",
        (JLR, from, to),
        &[
            "`jlr: jaguar-ipace-next ",
            " % of the car's targets",
            "misses top_speed of 350.0 km/h by",
        ],
    );
    assert!(!stderr.contains(" by -"), "{stderr}");
}

#[test]
fn a_battery_that_no_inverter_fits_is_shown_at_its_line() {
    let programme = Programme::tiny_with_cache("no-inverter", solved());
    let inverters = programme.text(PROGRAMME);
    let start = inverters.find("inverters = [").unwrap();
    let end = start + inverters[start..].find(']').unwrap() + 1;
    programme.replace(
        PROGRAMME,
        &inverters[start..end],
        "inverters = [\"sic-800v-300a\"]",
    );
    let stderr = says(
        &programme.run(&[]),
        3,
        &[
            "bmw/vehicles.toml:",
            "no candidate inverter fits a battery of 352 V",
            "the nearest is sic-800v-300a (800 V class",
            "add an inverter of the battery's class",
        ],
    );
    assert!(stderr.contains('^'), "{stderr}");
}

#[test]
fn results_do_not_replace_what_is_not_codrives() {
    let programme = tiny();
    let taken = "is in the way";
    std::fs::write(programme.out(), "precious").unwrap();
    says(
        &programme.run(&[]),
        2,
        &[
            "out: is in the way: a file",
            "choose another folder with --out",
        ],
    );
    assert_eq!(
        std::fs::read_to_string(programme.out()).unwrap(),
        "precious"
    );
    assert_eq!(programme.beside(), ["out"]);
    std::fs::remove_file(programme.out()).unwrap();
    for (folder, file) in [("bmw", "thesis.tex"), ("letters", "manifest.json")] {
        let file = programme.out().join(folder).join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "{}").unwrap();
        says(
            &programme.run(&[]),
            2,
            &[taken, folder, "codrive did not write it", "--out"],
        );
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{}");
        assert_eq!(names(&programme.out()), [folder]);
        assert_eq!(programme.beside(), ["out"]);
        std::fs::remove_dir_all(programme.out()).unwrap();
    }
}
