//! What must hold of the part on what cost buys.

#[allow(dead_code)]
mod fixture;

use codrive_model::summary::ReportData;
use codrive_model::tradeoff::Tradeoffs;
use codrive_report::render;

fn tradeoffs(data: &mut ReportData) -> &mut Tradeoffs {
    data.summary
        .cost
        .study
        .tradeoffs
        .as_mut()
        .expect("trade-offs")
}

/// The part on the page, if there is one.
fn part(data: &ReportData) -> Option<String> {
    let page = render(data);
    let (_, rest) = page.split_once("<section id=\"tradeoffs\"")?;
    Some(rest[..rest.find("</section>").expect("its end")].to_owned())
}

/// The pictures of the part: the fronts, and the families over all axes.
fn pictures(part: &str) -> Vec<&str> {
    part.split("<svg ")
        .skip(1)
        .map(|svg| &svg[..svg.find("</svg>").expect("its end")])
        .collect()
}

fn marks(picture: &str, family: usize) -> usize {
    picture
        .matches(&format!("data-family=\"{family}\""))
        .count()
}

#[test]
fn every_family_is_in_both_pictures() {
    let mut data = fixture::clean_team();
    let part = part(&data).unwrap();
    let pictures = pictures(&part);
    assert_eq!(pictures.len(), 2);
    let tradeoffs = tradeoffs(&mut data);
    for family in 0..tradeoffs.families.len() {
        assert_eq!(marks(pictures[0], family), tradeoffs.fronts.len());
        assert_eq!(marks(pictures[1], family), 1);
    }
}

#[test]
fn every_point_has_its_bar_and_its_row() {
    let mut data = fixture::clean_team();
    let part = part(&data).unwrap();
    let points: Vec<_> = tradeoffs(&mut data)
        .fronts
        .iter()
        .flat_map(|front| front.points.clone())
        .collect();
    let bars = pictures(&part)[0].matches("class=\"strokec\"").count();
    assert_eq!(bars, 2 * points.len());
    assert_eq!(part.matches("<tr>").count(), 1 + points.len());
    let families = &tradeoffs(&mut data).families;
    for point in points {
        let dearer = families[point.family].cost_eur - families[0].cost_eur;
        for value in [point.limit, point.gap, dearer] {
            assert!(
                part.contains(&format!("<data value=\"{value}\">")),
                "{value}"
            );
        }
    }
}

#[test]
fn a_picture_of_few_families_is_whole() {
    let mut data = fixture::clean_team();
    let few = tradeoffs(&mut data);
    few.families.truncate(1);
    few.fronts
        .iter_mut()
        .for_each(|front| front.points.truncate(1));
    let part = part(&data).unwrap();
    assert_eq!(part.matches("the cheapest has the least").count(), 4);
    for picture in pictures(&part) {
        assert!(!picture.contains("NaN") && !picture.contains("inf"));
    }
}

#[test]
fn broken_numbers_leave_the_part_whole() {
    let mut data = fixture::clean_team();
    let broken = tradeoffs(&mut data);
    broken.families[0].energy_j_per_m = f64::NAN;
    broken.families[3].cost_eur = f64::INFINITY;
    broken
        .families
        .iter_mut()
        .for_each(|f| f.mass_kg = f64::NAN);
    broken.fronts[0].points[1].family = 99;
    broken.fronts[1].points.clear();
    let part = part(&data).unwrap();
    assert!(!part.contains("NaN") && !part.contains("inf"));
    assert_eq!(part.matches("<g ").count(), part.matches("</g>").count());
}

#[test]
fn without_tradeoffs_there_is_no_part() {
    let mut data = fixture::clean_team();
    *tradeoffs(&mut data) = Tradeoffs::default();
    assert_eq!(part(&data), None);
    data.summary.cost.study.tradeoffs = None;
    assert_eq!(part(&data), None);
}

#[test]
fn a_partner_reads_no_tradeoffs_even_if_given_them() {
    let mut data = fixture::partner("bmw");
    assert_eq!(part(&data), None);
    data.summary.cost.study = fixture::clean_team().summary.cost.study;
    assert_eq!(part(&data), None);
}
