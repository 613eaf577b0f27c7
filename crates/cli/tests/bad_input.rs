//! Every absurd input gets file, line, caret and a hint, exit code 2, and nothing is written.

mod programme;

use programme::Programme;

/// Runs a programme with one text replaced and checks what stderr says.
fn refused(file: &str, from: &str, to: &str, expected: &[&str]) {
    let programme = Programme::tiny("bad");
    programme.replace(file, from, to);
    let output = programme.run(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{file}: {from} -> {to}\n{stderr}");
    for part in expected {
        assert!(stderr.contains(part), "`{part}` is missing in\n{stderr}");
    }
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!(!programme.out().exists(), "something was written");
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_known_one() {
    refused(
        "programme.toml",
        "discount_rate",
        "discont_rate",
        &["unknown key `discont_rate`", "programme.toml:", "^", "did you mean `discount_rate`?"],
    );
}

#[test]
fn a_missing_unit_is_named() {
    refused("bmw/vehicles.toml", "kerb = \"", "kerb = \"1345\" # \"", &["has no unit", "vehicles.toml:", "^", "kg"]);
}

#[test]
fn a_wrong_dimension_is_named() {
    refused("bmw/vehicles.toml", "kerb = \"", "kerb = \"12 kW\" # \"", &["not a unit of mass", "vehicles.toml:", "allowed: kg"]);
}

#[test]
fn an_impossible_value_is_named() {
    refused("bmw/vehicles.toml", "kerb = \"", "kerb = \"-5 kg\" # \"", &["out of range", "vehicles.toml:", "^"]);
    refused("bmw/vehicles.toml", "tyre_friction = ", "tyre_friction = 9.9 # ", &["9.9", "vehicles.toml:", "^"]);
}

#[test]
fn an_unknown_name_lists_what_is_there() {
    refused(
        "programme.toml",
        "inverters = [",
        "inverters = [\"no-such-inverter\", ",
        &["`no-such-inverter` is not in the catalogue", "programme.toml:", "shipped:"],
    );
    refused("programme.toml", "prices = \"europe-2025\"", "prices = \"mars-2025\"", &["mars-2025", "europe-2025"]);
}

#[test]
fn a_wrong_schema_is_named() {
    refused("programme.toml", "schema = 1", "schema = 9", &["schema 9", "programme.toml:1", "`schema = 1`"]);
    refused("bmw/vehicles.toml", "schema = 1", "", &["has no `schema` key"]);
}

#[test]
fn a_truncated_file_is_named() {
    let programme = Programme::tiny("truncated");
    let text = programme.text("jlr/vehicles.toml");
    let half = text.len() / 2;
    let cut = (0..=half).rev().find(|i| text.is_char_boundary(*i)).unwrap();
    programme.write("jlr/vehicles.toml", &text[..cut]);
    let output = programme.run(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("vehicles.toml"), "{stderr}");
    assert!(!programme.out().exists());
}

#[test]
fn a_missing_partner_folder_is_named() {
    let programme = Programme::tiny("folder");
    std::fs::remove_dir_all(programme.folder().join("jlr")).unwrap();
    let output = programme.run(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    for part in ["partner `jlr` has no folder", "programme.toml:", "plants.toml"] {
        assert!(stderr.contains(part), "{stderr}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let programme = Programme::tiny("many");
    programme.replace("bmw/vehicles.toml", "kerb = \"", "kerb = \"-5 kg\" # \"");
    programme.replace("jlr/plants.toml", "schema = 1", "schema = 2");
    let output = programme.run(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("bmw/vehicles.toml") && stderr.contains("jlr/plants.toml"), "{stderr}");
}

#[test]
fn an_impossible_section_is_refused_with_its_place() {
    let programme = Programme::tiny("section");
    let (file, text) = programme.first_template_section();
    let gapless = regex_free_replace(&text, "bore_diameter = \"", "bore_diameter = \"100 mm\" # \"");
    programme.write(&file, &gapless);
    let output = programme.run(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains(&file) && stderr.contains('^') && stderr.contains("gap"), "{stderr}");
}

#[test]
fn a_magnet_outside_the_rotor_is_refused() {
    let programme = Programme::tiny("magnet");
    let (file, text) = programme.first_template_section();
    let long = regex_free_replace(&text, "magnet_width = \"", "magnet_width = \"190 mm\" # \"");
    programme.write(&file, &long);
    let output = programme.run(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("magnet"), "{stderr}");
}

/// Replaces the first occurrence and insists that there is one.
fn regex_free_replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "`{from}` is not in the section");
    text.replacen(from, to, 1)
}
