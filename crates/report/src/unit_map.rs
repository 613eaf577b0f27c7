//! A drive unit on its own: its pictures as files, and one page that shows them.

mod conditions;
mod currents;
mod figures;
mod page;
mod shaft_map;
mod temperature;

use codrive_model::flux_map::SectionResult;
use codrive_model::unit_map::UnitMap;

use crate::map_field::Stage;
use crate::picture::Picture;
use crate::{loss_split, stress_picture};

/// A picture with the name of its file and its caption.
struct Figure {
    file: &'static str,
    picture: Picture,
    caption: String,
}

/// Every picture of a unit as a standalone SVG and then the page, each with its file name.
///
/// Pictures whose tables do not fit each other are left out.
pub(crate) fn files(map: &UnitMap, section: &SectionResult) -> Vec<(String, String)> {
    let figures = figures(map, section);
    let page = page::document(map, &figures);
    let pictures = figures
        .iter()
        .map(|figure| (figure.file.to_owned(), figure.picture.standalone()));
    pictures.chain([("unit.html".to_owned(), page)]).collect()
}

fn figures(map: &UnitMap, section: &SectionResult) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut push = |file, picture: Option<Picture>, caption: String| {
        figures.extend(picture.map(|picture| Figure {
            file,
            picture,
            caption,
        }));
    };
    for (stage, files) in [
        (Stage::Unit, ["unit-efficiency.svg", "unit-loss.svg"]),
        (
            Stage::Machine,
            ["machine-efficiency.svg", "machine-loss.svg"],
        ),
        (
            Stage::Inverter,
            ["inverter-efficiency.svg", "inverter-loss.svg"],
        ),
        (Stage::Gear, ["gear-efficiency.svg", "gear-loss.svg"]),
    ] {
        push(
            files[0],
            shaft_map::efficiency(map, stage),
            shaft_map::caption(map, stage, "Efficiency"),
        );
        push(
            files[1],
            shaft_map::loss(map, stage),
            shaft_map::caption(map, stage, "Loss"),
        );
    }
    push(
        "loss-split.svg",
        loss_split::picture(&map.unit.axle, &map.name),
        LOSS_SPLIT.to_owned(),
    );
    push(
        "envelopes-at.svg",
        conditions::picture(map),
        conditions::caption(map),
    );
    push(
        "temperature.svg",
        temperature::picture(&map.trace),
        temperature::caption(&map.trace),
    );
    push(
        "currents.svg",
        Some(currents::picture(map)),
        currents::caption(map),
    );
    if !section.stress.triangles.is_empty() {
        let top_rad_per_s = map.unit.axle.speed_limit_rad_per_s() * map.unit.gear_ratio;
        let whose = "the highest motor speed of the unit";
        push(
            "rotor-stress.svg",
            Some(stress_picture::picture(section, top_rad_per_s)),
            stress_picture::caption(&section.facts, top_rad_per_s, whose),
        );
    }
    figures
}

const LOSS_SPLIT: &str = "Losses by origin at a constant fraction of the peak envelope, motoring. The torque \
     follows the envelope, so it falls with speed in field weakening.";
