//! Writes the report of a made-up programme, or of a `report-data.json`, for looking at it.
//!
//! `cargo run --example preview -- [report-data.json]` writes `/tmp/report-preview.html`,
//! `/tmp/report-preview-partner.html` and `/tmp/readme-preview.svg`.

#[path = "../tests/fixture/mod.rs"]
mod fixture;

use codrive_model::summary::ReportData;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data: ReportData = match std::env::args().nth(1) {
        Some(path) => serde_json::from_str(&std::fs::read_to_string(path)?)?,
        None => fixture::clean_team(),
    };
    let partner = fixture::partner("jlr");
    std::fs::write("/tmp/report-preview.html", codrive_report::render(&data))?;
    std::fs::write(
        "/tmp/report-preview-partner.html",
        codrive_report::render(&partner),
    )?;
    std::fs::write(
        "/tmp/readme-preview.svg",
        codrive_report::readme_picture(&data),
    )?;
    Ok(())
}
