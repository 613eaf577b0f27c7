//! Spinning bodies with a known answer, and what any solution must satisfy.

use std::f64::consts::PI;

use super::body::System;
use super::*;
use crate::geometry::outline::{Point, polar, radius};
use crate::mesh::{Fill, Part};

const STEEL: Elastic = Elastic {
    young_pa: 200e9,
    poisson: 0.3,
    density_kg_per_m3: 7650.0,
};

fn body(part: &Part, shaft: Shaft) -> Body<'_> {
    Body {
        part,
        steel: STEEL,
        magnets: Magnets::Mass(7500.0),
        shaft,
    }
}

/// Cells over angle and radius, each cut into two triangles; `place` maps (angle, layer) to a point.
fn sector(
    half: f64,
    columns: u32,
    radii: &[f64],
    place: impl Fn(f64, f64) -> Point,
    fill: impl Fn(Point) -> Fill,
) -> Part {
    let mut part = Part::default();
    let rows = u32::try_from(radii.len()).unwrap();
    for r in radii {
        for c in 0..=columns {
            let share = 2.0 * f64::from(c) / f64::from(columns) - 1.0;
            part.nodes.push(place(half * share, *r));
        }
    }
    let node = |row: u32, column: u32| row * (columns + 1) + column;
    for row in 0..rows - 1 {
        for c in 0..columns {
            let [a, b, d, e] = [
                node(row, c),
                node(row + 1, c),
                node(row + 1, c + 1),
                node(row, c + 1),
            ];
            for t in [[a, b, d], [a, d, e]] {
                let [p, q, r] = t.map(|n| part.nodes[n as usize]);
                part.fill.push(fill([
                    (p[0] + q[0] + r[0]) / 3.0,
                    (p[1] + q[1] + r[1]) / 3.0,
                ]));
                part.triangles.push(t);
            }
        }
    }
    part.fixed = (0..=columns).map(|c| node(0, c)).collect();
    part.minus = (0..rows).map(|r| node(r, 0)).collect();
    part.plus = (0..rows).map(|r| node(r, columns)).collect();
    part
}

fn even(from: f64, to: f64, steps: u32) -> Vec<f64> {
    let at = |i: u32| from + (to - from) * f64::from(i) / f64::from(steps);
    (0..=steps).map(at).collect()
}

fn annulus(inner: f64, outer: f64, steps: u32) -> Part {
    let place = |angle: f64, r: f64| polar(r, angle);
    sector(
        PI / 6.0,
        3 * steps,
        &even(inner, outer, steps),
        place,
        |_| Fill::Steel,
    )
}

/// Joins the nodes of the bore, all of them at the axis, into one.
fn solid(mut part: Part) -> Part {
    let bore = u32::try_from(part.fixed.len()).unwrap();
    let one = |n: u32| if n < bore { 0 } else { n };
    part.triangles
        .retain(|t| t.iter().filter(|n| **n < bore).count() < 2);
    part.triangles.iter_mut().for_each(|t| *t = t.map(one));
    part.fill.truncate(part.triangles.len());
    for line in [&mut part.fixed, &mut part.minus, &mut part.plus] {
        line.iter_mut().for_each(|n| *n = one(*n));
    }
    part.fixed.truncate(1);
    part
}

/// Radial and tangential stress at a point of integration.
fn polar_stress([x, y, xy]: [f64; 3], at: Point) -> [f64; 2] {
    let (sin, cos) = at[1].atan2(at[0]).sin_cos();
    let shear = 2.0 * sin * cos * xy;
    [
        x * cos * cos + y * sin * sin + shear,
        x * sin * sin + y * cos * cos - shear,
    ]
}

/// Largest error of the stresses against a closed form, over its own largest value.
fn error(part: &Part, shaft: Shaft, exact: impl Fn(f64) -> [f64; 2]) -> f64 {
    let stress = spin(&body(part, shaft)).unwrap();
    let (mut worst, mut largest) = (0.0_f64, 0.0_f64);
    for (t, points) in stress.triangles.iter().zip(&stress.points_pa_s2) {
        let corners = t.map(|n| part.nodes[n as usize]);
        let element = crate::solve::element::Element::<6, 3>::new(corners);
        for (at, value) in element.points.iter().zip(points) {
            let (own, exact) = (polar_stress(*value, *at), exact(radius(*at)));
            worst = worst.max((own[0] - exact[0]).abs().max((own[1] - exact[1]).abs()));
            largest = largest.max(exact[1]);
        }
    }
    worst / largest
}

/// Timoshenko & Goodier 1970, article 32: rotating annulus with free borders.
#[test]
fn a_rotating_annulus_has_its_closed_form() {
    let (a, b) = (0.03_f64, 0.07_f64);
    let c = (3.0 + STEEL.poisson) / 8.0 * STEEL.density_kg_per_m3;
    let d = (1.0 + 3.0 * STEEL.poisson) / 8.0 * STEEL.density_kg_per_m3;
    let exact = |r: f64| {
        let (sum, ratio) = (a * a + b * b, a * a * b * b / (r * r));
        [c * (sum - ratio - r * r), c * (sum + ratio) - d * r * r]
    };
    let errors = [4, 8, 16].map(|n| error(&annulus(a, b, n), Shaft::Free, exact));
    assert!(errors[2] < 2e-3, "{errors:?}");
    assert!(
        errors[0] > 3.0 * errors[1] && errors[1] > 3.0 * errors[2],
        "{errors:?}"
    );
}

/// The same, article 32: solid disc. Its centre, which cannot move, stands for a rigid shaft.
#[test]
fn a_rotating_disc_has_its_closed_form() {
    let b = 0.07_f64;
    let c = (3.0 + STEEL.poisson) / 8.0 * STEEL.density_kg_per_m3;
    let d = (1.0 + 3.0 * STEEL.poisson) / 8.0 * STEEL.density_kg_per_m3;
    let exact = |r: f64| [c * (b * b - r * r), c * b * b - d * r * r];
    let disc = solid(annulus(0.0, b, 16));
    let error = error(&disc, Shaft::Rigid, exact);
    assert!(error < 2e-3, "{error}");
}

/// A square plate has straight borders and no re-entrant corner, so that second-order elements show their
/// order in the energy: 4.
#[test]
fn energy_converges_with_order_four() {
    let place = |angle: f64, x: f64| [x, x * (angle / (PI / 4.0))];
    let work = [8, 16, 32, 64].map(|n| {
        let plate = sector(PI / 4.0, n, &even(0.0, 0.07, n), place, |_| Fill::Steel);
        spin(&body(&solid(plate), Shaft::Rigid)).unwrap().work_n_s2
    });
    let steps: Vec<f64> = work.windows(2).map(|w| w[1] - w[0]).collect();
    assert!(
        steps.iter().all(|s| *s > 0.0),
        "approached from below: {work:?}"
    );
    let orders: Vec<f64> = steps.windows(2).map(|s| (s[0] / s[1]).log2()).collect();
    assert!(orders[1] > orders[0], "towards the limit: {orders:?}");
    assert!((orders[1] - 4.0).abs() < 0.2, "{orders:?}");
}

#[test]
fn bodies_that_move_as_a_whole_are_not_strained() {
    let part = annulus(0.03, 0.07, 3);
    for cell in &System::new(&body(&part, Shaft::Free)).unwrap().cells {
        let places = cell.nodes.map(|n| {
            let [p, q, r] = cell.corners.map(|c| part.nodes[c as usize]);
            let mid = |a: Point, b: Point| [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
            let all = [p, q, r, mid(p, q), mid(q, r), mid(r, p)];
            all[cell.nodes.iter().position(|o| *o == n).unwrap()]
        });
        for motion in [
            |_: Point| [1.0, 0.0],
            |_| [0.0, 1.0],
            |p: Point| [-p[1], p[0]],
        ] {
            let moved: [f64; 12] = std::array::from_fn(|i| motion(places[i / 2])[i % 2]);
            for points in cell.triangle.stresses(&moved) {
                // Rounding of a motion of 1 m over nodes millimetres apart.
                assert!(
                    points.iter().all(|s| s.abs() < 1e-11 * STEEL.young_pa),
                    "{points:?}"
                );
            }
        }
    }
}

/// Whatever the rotor, what hangs on the far side of the bore is held by the two sides of the pole:
/// the hoop force is the pull of all mass over twice the sine of half the pitch.
#[test]
fn hoop_force_holds_all_that_turns() {
    let (half, radii) = (PI / 6.0, even(0.03, 0.07, 12));
    let magnet = |p: Point| {
        let inside = (0.0502..0.0566).contains(&radius(p)) && p[1].abs() < 0.015;
        if inside { Fill::Magnet(0) } else { Fill::Steel }
    };
    let place = |angle: f64, r: f64| polar(r, angle);
    let part = sector(half, 24, &radii, place, magnet);
    let pull: f64 = part
        .triangles
        .iter()
        .zip(&part.fill)
        .map(|(t, fill)| {
            let [p, q, r] = t.map(|n| part.nodes[n as usize]);
            let density = if *fill == Fill::Steel { 7650.0 } else { 7500.0 };
            let area = ((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])).abs() / 2.0;
            density * area * (p[0] + q[0] + r[0]) / 3.0
        })
        .sum();
    let leaning = Elastic {
        young_pa: 175e9,
        poisson: 0.24,
        density_kg_per_m3: 7500.0,
    };
    for magnets in [Magnets::Mass(7500.0), Magnets::Leaning(leaning)] {
        let one = Body {
            magnets,
            ..body(&part, Shaft::Free)
        };
        let system = System::new(&one).unwrap();
        let forces = load::forces(&system);
        let total: f64 = forces.iter().map(|f| f[0]).sum();
        assert!((total / pull - 1.0).abs() < 1e-9, "{total} {pull}");
        let moment: f64 = forces
            .iter()
            .zip(&system.nodes)
            .map(|(f, p)| p[0] * f[1] - p[1] * f[0])
            .sum();
        assert!(moment.abs() < 1e-9 * total * 0.07, "{moment}");
        let displacement = system.solve(&forces).unwrap();
        let hoop = system.side_force(&displacement, &forces);
        assert!(
            (2.0 * hoop * half.sin() / pull - 1.0).abs() < 1e-9,
            "{hoop} {pull}"
        );
    }
}

/// A pole cap of 1,000 mm2 with its magnets at 70 mm pulls 2.16 MN/m at 19,200 rpm; 3.5 mm of bridges in
/// all carry it with 619 MPa.
#[test]
fn bridges_carry_what_a_bar_formula_says() {
    let speed = 19_200.0 * PI / 30.0;
    let pull = 7650.0 * 1e-3 * 0.070 * speed * speed;
    assert!((pull * 1e-6 - 2.16).abs() < 0.01, "{pull}");
    assert!((pull / 3.5e-3 * 1e-6 - 619.0).abs() < 2.0);
    // A cap between 60 and 80 mm, cut free from its neighbours, on two straight ribs 1.75 mm wide.
    let (half, columns) = (PI / 8.0, 128);
    let mut radii = even(0.030, 0.050, 8);
    radii.extend(even(0.050, 0.058, 10).iter().skip(1));
    radii.extend(even(0.058, 0.075, 10).iter().skip(1));
    let rib = half * 16.0 / 64.0;
    let fill = |p: Point| {
        let angle = p[1].atan2(p[0]).abs();
        let between = (0.050..0.058).contains(&radius(p));
        let in_rib = (angle - rib).abs() < half * 3.0 / 64.0;
        let cut = radius(p) > 0.058 && angle > half * 62.0 / 64.0;
        if (between && !in_rib) || cut {
            Fill::Air
        } else {
            Fill::Steel
        }
    };
    let part = sector(half, columns, &radii, |a, r| polar(r, a), fill);
    let stress = spin(&body(&part, Shaft::Free)).unwrap();
    let mut outside = 0.0;
    let (mut mean, mut area) = (0.0, 0.0);
    for ((t, points), size) in stress
        .triangles
        .iter()
        .zip(&stress.points_pa_s2)
        .zip(&stress.areas_m2)
    {
        let [p, q, r] = t.map(|n| part.nodes[n as usize]);
        let at = [(p[0] + q[0] + r[0]) / 3.0, (p[1] + q[1] + r[1]) / 3.0];
        if radius(at) > 0.054 {
            outside += STEEL.density_kg_per_m3 * size * at[0];
        }
        if (radius(at) - 0.054).abs() < 0.0008 {
            for s in points {
                mean += polar_stress(*s, at)[0] * size / 3.0;
            }
            area += size;
        }
    }
    let width = 4.0 * half * 3.0 / 64.0 * 0.054;
    let bar = outside / (width * rib.cos());
    assert!(
        (mean / area / bar - 1.0).abs() < 0.02,
        "{} {bar}",
        mean / area
    );
}

#[test]
fn a_loose_piece_is_refused() {
    let ring = |p: Point| {
        if (0.045..0.055).contains(&radius(p)) {
            Fill::Air
        } else {
            Fill::Steel
        }
    };
    let part = sector(PI / 6.0, 12, &even(0.03, 0.07, 8), |a, r| polar(r, a), ring);
    let error = spin(&body(&part, Shaft::Free)).unwrap_err().to_string();
    assert!(error.contains("hang on nothing"), "{error}");
}

/// Young's modulus scales displacements alone.
#[test]
fn stress_does_not_depend_on_stiffness() {
    let part = annulus(0.03, 0.07, 4);
    let soft = Body {
        steel: Elastic {
            young_pa: 100e9,
            ..STEEL
        },
        ..body(&part, Shaft::Free)
    };
    let (one, other) = (
        spin(&body(&part, Shaft::Free)).unwrap(),
        spin(&soft).unwrap(),
    );
    assert!((one.percentile_pa_s2(0.9) / other.percentile_pa_s2(0.9) - 1.0).abs() < 1e-9);
    assert!((other.work_n_s2 / one.work_n_s2 - 2.0).abs() < 1e-9);
}
