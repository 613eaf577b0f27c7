//! What must hold of every page, whatever the data.

mod fixture;

use std::collections::BTreeMap;

use codrive_model::money_study::GroupCost;

use codrive_model::summary::ReportData;
use codrive_report::{readme_picture, render};

/// Tags in order, as (name, is closing, closes itself); script and style bodies are skipped.
fn tags(page: &str) -> Vec<(String, bool, bool)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag that ends");
        let inside = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if inside.starts_with('!') {
            continue;
        }
        let is_closing = inside.starts_with('/');
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        assert!(!name.is_empty(), "a tag without a name: <{inside}>");
        if !is_closing && (name == "script" || name == "style") {
            rest = &rest[rest.find(&format!("</{name}>")).expect("its end")..];
        }
        found.push((name, is_closing, inside.ends_with('/')));
    }
    found
}

fn assert_balanced(page: &str) {
    const VOID: [&str; 3] = ["meta", "br", "link"];
    let mut open: Vec<String> = Vec::new();
    for (name, is_closing, closes_itself) in tags(page) {
        if is_closing {
            assert_eq!(open.pop().as_deref(), Some(name.as_str()));
        } else if !closes_itself && !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}

/// Text that a person sees, without tags, styles and scripts.
fn seen_text(page: &str) -> String {
    let (_, body) = page.split_once("<body>").expect("a body");
    let (body, _) = body.split_once("<script>").unwrap_or((body, ""));
    let mut is_inside = false;
    let is_text = |c: &char| {
        match c {
            '<' => is_inside = true,
            '>' => is_inside = false,
            _ => return !is_inside,
        }
        false
    };
    body.chars().filter(is_text).collect()
}

fn all_pages() -> Vec<(String, ReportData)> {
    let data = [
        fixture::clean_team(),
        fixture::partner("bmw"),
        fixture::partner("jlr"),
    ];
    data.into_iter().map(|data| (render(&data), data)).collect()
}

#[test]
fn pages_are_well_formed() {
    for (page, data) in all_pages() {
        assert!(page.starts_with("<!DOCTYPE html>"));
        assert_balanced(&page);
        assert_balanced(&readme_picture(&data));
    }
}

#[test]
fn pages_ask_nobody_for_anything() {
    for (page, _) in all_pages() {
        for forbidden in [
            "http", "//", "url(", "@import", "src=", "fetch", "XMLHttp", "<link",
        ] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        for target in page.split("href=\"").skip(1) {
            assert!(target.starts_with('#'), "{}", &target[..20]);
        }
    }
}

#[test]
fn every_link_has_its_anchor() {
    for (page, _) in all_pages() {
        for target in page.split("href=\"#").skip(1) {
            let id = &target[..target.find('"').unwrap()];
            assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        }
    }
}

#[test]
fn nothing_undefined_is_written() {
    for (page, data) in all_pages() {
        for text in [seen_text(&page), readme_picture(&data)] {
            for word in ["NaN", "inf", "undefined", "null"] {
                let hits = text.match_indices(word).filter(|(at, _)| {
                    !text[*at..].starts_with("inference")
                        && !text[*at..].starts_with("inferred")
                        && !text[*at..].starts_with("infer ")
                });
                assert_eq!(hits.count(), 0, "{word}");
            }
        }
    }
}

#[test]
fn broken_numbers_leave_a_page_whole() {
    let mut data = fixture::clean_team();
    data.summary.cost.together_eur = Some(f64::NAN);
    data.summary.family.gap = Some(f64::INFINITY);
    data.summary.vehicles[0]
        .results
        .values_mut()
        .for_each(|o| o.margin = Some(f64::NAN));
    data.units[0]
        .unit
        .axle
        .loss_w
        .iter_mut()
        .for_each(|w| *w = f64::NAN);
    data.units[1].unit.axle.load.clear();
    data.units[2].density.energy_j.clear();
    data.axles[0].torque_nm.clear();
    data.axles[1].unit = 99;
    data.axles[2].unit_torque_nm.clear();
    data.axles[3].dc_voltage_v = f64::NAN;
    data.axles[4].unit_speed_rad_per_s[3] = f64::NAN;
    data.summary.overlap[0].serves[0].over_served = f64::NAN;
    data.sections[0].picture.nodes_m.clear();
    data.sections[1].picture.a_vs_per_m.clear();
    let page = render(&data);
    assert_balanced(&page);
    let numbers = page.replace("inferred", "");
    assert!(!seen_text(&numbers).contains("NaN") && !seen_text(&numbers).contains("inf"));
    assert_balanced(&readme_picture(&data));
}

#[test]
fn empty_data_still_make_a_page() {
    let mut data = fixture::clean_team();
    data.axles.clear();
    data.units.clear();
    data.sections.clear();
    data.summary.overlap.clear();
    data.summary.requirements.clear();
    data.summary.vehicles.clear();
    data.summary.family.assignment.clear();
    data.summary.cost = Default::default();
    let page = render(&data);
    assert_balanced(&page);
    for id in [
        "requirements",
        "overlap",
        "sections",
        "units",
        "family",
        "vehicles",
    ] {
        assert!(!page.contains(&format!("<section id=\"{id}\"")), "{id}");
    }
    assert_balanced(&readme_picture(&data));
}

#[test]
fn the_same_data_give_the_same_bytes() {
    assert_eq!(
        render(&fixture::clean_team()),
        render(&fixture::clean_team())
    );
    assert_eq!(
        readme_picture(&fixture::clean_team()),
        readme_picture(&fixture::clean_team())
    );
}

#[test]
fn a_page_is_the_same_after_a_round_trip_through_json() {
    let data = fixture::clean_team();
    let json = serde_json::to_string(&data).unwrap();
    let again: ReportData = serde_json::from_str(&json).unwrap();
    assert_eq!(render(&data), render(&again));
}

/// Exact values on the page, each with the text that a person reads.
fn values(page: &str) -> BTreeMap<String, String> {
    let part = |data: &str| {
        let (value, rest) = data.split_once("\">")?;
        Some((value.to_owned(), rest[..rest.find('<')?].to_owned()))
    };
    page.split("<data value=\"")
        .skip(1)
        .filter_map(part)
        .collect()
}

#[test]
fn key_figures_are_those_of_the_summary() {
    let data = fixture::clean_team();
    let json = serde_json::to_value(&data.summary).unwrap();
    let values = values(&render(&data));
    let keys = [
        ("/cost/together_eur", "4\u{202f}183.4\u{202f}M€"),
        ("/cost/months_together", "46\u{202f}months"),
        ("/family/gap", "0.34\u{202f}%"),
    ];
    for (pointer, text) in keys {
        let exact = json
            .pointer(pointer)
            .and_then(serde_json::Value::as_f64)
            .unwrap();
        assert_eq!(
            values.get(&exact.to_string()).map(String::as_str),
            Some(text),
            "{pointer}"
        );
    }
    let alone: f64 = data.summary.cost.alone_eur.values().sum();
    let saving = alone - data.summary.cost.together_eur.unwrap();
    assert_eq!(values[&alone.to_string()], "4\u{202f}580.5\u{202f}M€");
    assert_eq!(values[&saving.to_string()], "397.1\u{202f}M€");
}

#[test]
fn every_requirement_result_and_limit_is_on_the_page_exactly() {
    let data = fixture::clean_team();
    let values = values(&render(&data));
    let summary = &data.summary;
    let requirements = summary.requirements.iter().flat_map(|row| {
        [
            row.wheel_torque_nm,
            row.power_w,
            row.continuous_power_w,
            row.max_speed_rad_per_s,
        ]
    });
    let limits = summary.family.assignment.iter().flat_map(|row| {
        [
            row.torque_limit_nm,
            row.power_limit_w,
            row.regen_limit_w,
            row.gear_ratio,
        ]
    });
    let results = summary
        .vehicles
        .iter()
        .flat_map(|row| row.results.values().map(|o| o.value));
    for value in requirements.chain(limits).chain(results) {
        assert!(values.contains_key(&value.to_string()), "{value}");
    }
}

#[test]
fn a_partner_reads_nothing_of_the_others() {
    let pairs = [
        ("bmw", ["JLR", "suv-large", "SUV Large", "rossover"]),
        ("jlr", ["BMW", "city-hatch", "City Hatch", "aloon Fast"]),
    ];
    for (id, foreign) in pairs {
        let page = render(&fixture::partner(id));
        for text in foreign {
            assert!(!page.contains(text), "{id} reads {text}");
        }
        assert!(page.contains("What can be inferred"));
        assert!(!page.contains("id=\"overlap\""));
    }
}

#[test]
fn no_page_speaks_of_a_common_limit() {
    for (page, _) in all_pages() {
        let text = seen_text(&page).to_lowercase();
        for word in ["ceiling", "intersection", "common limit", "common target"] {
            assert!(!text.contains(word), "{word}");
        }
    }
}

#[test]
fn foreign_text_is_escaped() {
    let mut data = fixture::clean_team();
    let hostile = "<script>alert('x')</script>\"&";
    data.summary.programme = hostile.to_owned();
    data.summary.cost.statement = hostile.to_owned();
    data.assumptions = vec![hostile.to_owned()];
    data.units[0].name = hostile.to_owned();
    data.sections[0].facts.name = hostile.to_owned();
    data.sections[0].facts.id = hostile.to_owned();
    data.sections[0].drawing[0].material = hostile.to_owned();
    data.axles[0].vehicle = hostile.to_owned();
    data.summary.family.modules.machines[0] = hostile.to_owned();
    data.summary.family.assignment[0].plant = hostile.to_owned();
    data.summary.requirements[0].partner = hostile.to_owned();
    data.summary.overlap[0].inverter = hostile.to_owned();
    data.summary.vehicles[0].results.insert(
        hostile.to_owned(),
        codrive_model::summary::Outcome {
            value: 1.0,
            target: None,
            margin: None,
        },
    );
    data.summary
        .configurations
        .pruned
        .insert(hostile.to_owned(), 3);
    for text in [render(&data), readme_picture(&data)] {
        assert!(!text.contains("<script>alert") && !text.contains("alert('x')"));
        assert_balanced(&text);
    }
}

#[test]
fn a_section_takes_less_than_400_kilobytes() {
    let mut data = fixture::clean_team();
    let with = render(&data).len();
    data.sections.pop();
    assert!(with - render(&data).len() < 400_000);
}

#[test]
fn every_driven_axle_has_one_row_with_its_requirement_and_its_unit() {
    let data = fixture::clean_team();
    let page = render(&data);
    let section = page.split("<section id=\"requirements\"").nth(1).unwrap();
    let section = &section[..section.find("</section>").unwrap()];
    let rows: Vec<&str> = section.split("<tr>").skip(2).collect();
    assert_eq!(rows.len(), data.summary.requirements.len());
    for (row, required) in rows.iter().zip(&data.summary.requirements) {
        let is_it = |a: &&codrive_model::summary::AxleEnvelope| {
            (&a.partner, &a.vehicle, &a.axle)
                == (&required.partner, &required.vehicle, &required.axle)
        };
        let axle = data.axles.iter().find(is_it).unwrap();
        assert!(row.contains(&required.wheel_torque_nm.to_string()));
        assert!(row.contains(&data.units[axle.unit].name));
        assert!(row.contains(&format!("value=\"{}\"", axle.unit_torque_nm[0])));
        let powers = axle
            .unit_speed_rad_per_s
            .iter()
            .zip(&axle.unit_torque_nm)
            .map(|(w, t)| w * t);
        let peak = powers.fold(0.0, f64::max);
        assert!(row.contains(&format!("value=\"{peak}\"")));
    }
}

#[test]
fn long_lists_are_folded_and_short_ones_are_not() {
    let mut data = fixture::clean_team();
    let details = |data: &ReportData| {
        let page = render(data);
        let method = page.split("id=\"assumptions\"").nth(1).unwrap();
        method.contains("<details>")
    };
    assert!(!details(&data));
    data.assumptions = (0..40).map(|k| format!("car-{k}: mass {k} kg")).collect();
    assert!(details(&data));
}

#[test]
fn the_readme_picture_keeps_its_text_inside() {
    let picture = readme_picture(&fixture::clean_team());
    for text in picture.split("class=\"axis\">").skip(1) {
        let length = text[..text.find('<').unwrap()].chars().count();
        // 11 px text is about 5.6 px a letter, the picture 1072 px wide.
        assert!(length < 185, "{length} letters");
    }
}

/// Peak lines of one unit in a picture, by the voltage in their titles.
fn voltages(picture: &str, name: &str) -> Vec<String> {
    picture
        .split("class=\"peak\"><title>")
        .skip(1)
        .filter_map(|rest| rest.split('<').next()?.strip_prefix(&format!("{name} at ")))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_unit_is_drawn_once_for_each_voltage_of_its_cars() {
    let data = fixture::clean_team();
    let picture = readme_picture(&data);
    for (index, unit) in data.units.iter().enumerate() {
        let own = data.axles.iter().filter(|axle| axle.unit == index);
        let distinct: std::collections::BTreeSet<i64> =
            own.map(|axle| axle.dc_voltage_v as i64).collect();
        let expected: Vec<String> = distinct.iter().map(|v| format!("{v}\u{202f}V")).collect();
        assert_eq!(voltages(&picture, &unit.name), expected);
        let ends = (distinct.first().unwrap(), distinct.last().unwrap());
        assert!(picture.contains(&format!("at {}–{}\u{202f}V DC", ends.0, ends.1)));
    }
}

#[test]
fn over_serving_leads_in_the_overlap_and_the_excesses_stand_below() {
    let mut data = fixture::clean_team();
    let served = &mut data.summary.overlap[0].serves[0];
    (served.over_served, served.power_excess) = (0.27, 0.61);
    served.torque_excess = -0.04;
    let page = render(&data);
    assert!(page.contains(">+27\u{202f}%<br><small>+61 / −4</small>"));
}

#[test]
fn a_partner_reads_what_its_plant_makes_for_others() {
    let page = codrive_report::render(&fixture::partner("bmw"));
    let part = page
        .split("What your plants make for others")
        .nth(1)
        .unwrap();
    let table = part.split("</table>").next().unwrap();
    for text in [
        "sic-800v-400a",
        "Drives Plant One",
        "Northstar",
        "50\u{202f}000 to 100\u{202f}000",
        ">110<",
        ">60<",
    ] {
        assert!(table.contains(text), "{text}");
    }
    let clean = codrive_report::render(&fixture::clean_team());
    assert!(!clean.contains("What your plants make"));
    assert!(!page.contains(">plant-d1<"), "plants have names");
}

#[test]
fn of_three_partners_every_group_stands_with_its_cost() {
    let mut data = fixture::clean_team();
    let cost = &mut data.summary.cost;
    let group = |partners: &[&str], cost_eur: f64| GroupCost {
        partners: partners.iter().map(|p| (*p).to_owned()).collect(),
        cost_eur,
        lower_bound_eur: 0.999 * cost_eur,
    };
    cost.study.groups = vec![group(&["bmw", "west"], 2_900e6)];
    let title = "What every group costs on its own";
    assert!(!codrive_report::render(&data).contains(title));
    data.summary.cost.alone_eur.insert("west".to_owned(), 400e6);
    data.summary.cost.share_eur.insert("west".to_owned(), 300e6);
    let page = codrive_report::render(&data);
    let table = page.split(title).nth(1).unwrap();
    let row = table.split("BMW and WEST").nth(1).unwrap();
    for value in [
        "2\u{202f}900.0",
        "2\u{202f}897.1",
        "112.4",
        "2\u{202f}713.9",
    ] {
        assert!(row.contains(value), "{value}");
    }
}
