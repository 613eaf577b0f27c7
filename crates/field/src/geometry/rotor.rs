//! Magnets and holes of one rotor pole, d axis on +x, from templates or free outlines.

use codrive_model::section::{BarLayer, Region, Section, SectionFault, VLayer};

use super::RotorRegion;
use super::outline::{
    Outline, Point, along, append_radius_arc, counter_clockwise, distance, overlap, polar, radius,
    ray_circle, segment_distance, self_crossing, signed_area, through,
};

/// Share of the magnet thickness that stays free between the rib-side corner and the magnet.
const INNER_POCKET: f64 = 0.15;
/// Smallest steel between a hole and the pole's sides, shaft or surface, m.
const LEAST_STEEL_M: f64 = 0.05e-3;
/// Corners nearer to a side of the pole than this lie on it, m.
const ON_SIDE_M: f64 = 2e-6;

/// Draws and checks all magnets and holes of a pole.
///
/// # Errors
/// A shape that cannot be drawn, leaves the rotor, or crosses another; with its key.
pub fn draw(section: &Section) -> Result<Vec<RotorRegion>, SectionFault> {
    let surface = section.rotor.outer_diameter_m / 2.0;
    let mut regions = Vec::new();
    for (i, layer) in section.rotor.v.iter().enumerate() {
        regions.extend(v_layer(layer, i, surface)?);
    }
    for (i, layer) in section.rotor.bar.iter().enumerate() {
        regions.extend(bar_layer(layer, i, surface)?);
    }
    for (i, region) in section.rotor.region.iter().enumerate() {
        regions.push(free_region(region, i)?);
    }
    snap_to_sides(section, &mut regions);
    check_inside(section, &regions)?;
    check_crossings(&regions)?;
    Ok(regions)
}

/// Puts corners that lie on a side of the pole within rounding exactly on it: a hole may end there,
/// to be continued by the neighbouring pole.
fn snap_to_sides(section: &Section, regions: &mut [RotorRegion]) {
    let half_pole = std::f64::consts::PI / (2.0 * f64::from(section.pole_pairs));
    for p in regions.iter_mut().flat_map(|r| &mut r.outline) {
        let angle = p[1].atan2(p[0]);
        if radius(*p) * (angle.abs() - half_pole).abs() < ON_SIDE_M {
            *p = polar(radius(*p), half_pole * angle.signum());
        }
    }
}

fn region(
    place: &str,
    name: &str,
    magnetisation_rad: Option<f64>,
    outline: Outline,
) -> RotorRegion {
    RotorRegion {
        place: place.to_owned(),
        name: name.to_owned(),
        magnetisation_rad,
        outline: counter_clockwise(outline),
    }
}

fn v_layer(layer: &VLayer, index: usize, surface: f64) -> Result<Vec<RotorRegion>, SectionFault> {
    let place = format!("rotor.v[{index}]");
    let half = layer.v_angle_rad / 2.0;
    let (u, n) = (
        polar(1.0, half),
        polar(1.0, half - std::f64::consts::FRAC_PI_2),
    );
    let t = layer.magnet_thickness_m;
    let apex = [surface - layer.depth_m, layer.rib_m / 2.0];
    let cut = t * half.cos() / half.sin();
    let start = cut.max(0.0) + INNER_POCKET * t;
    let end = start + layer.magnet_width_m;
    let side = |s: f64, across: f64| along(along(apex, u, s), n, across);
    let magnet = vec![
        side(start, 0.0),
        side(start, t),
        side(end, t),
        side(end, 0.0),
    ];
    let pocket = vec![apex, side(cut, t), side(start, t), side(start, 0.0)];
    let direction = layer.barrier_angle_rad.map_or(u, |angle| polar(1.0, angle));
    let ends = [side(end, 0.0), side(end, t)];
    let barrier = barrier(ends, direction, surface - layer.bridge_m)
        .ok_or_else(|| too_long(&format!("{place}.magnet_width"), "V magnet"))?;
    let mut regions = Vec::new();
    for (sign, which) in [(1.0, "upper"), (-1.0, "lower")] {
        let mirror = |outline: &Outline| {
            outline
                .iter()
                .map(|p| [p[0], sign * p[1]])
                .collect::<Outline>()
        };
        let angle = sign * (half - std::f64::consts::FRAC_PI_2);
        regions.push(region(
            &place,
            &format!("{which} magnet"),
            Some(angle),
            mirror(&magnet),
        ));
        regions.push(region(
            &place,
            &format!("{which} inner pocket"),
            None,
            mirror(&pocket),
        ));
        regions.push(region(
            &place,
            &format!("{which} barrier"),
            None,
            mirror(&barrier),
        ));
    }
    Ok(regions)
}

fn bar_layer(
    layer: &BarLayer,
    index: usize,
    surface: f64,
) -> Result<Vec<RotorRegion>, SectionFault> {
    let place = format!("rotor.bar[{index}]");
    let face = surface - layer.depth_m;
    let back = face - layer.magnet_thickness_m;
    let half = layer.magnet_width_m / 2.0;
    let magnet = vec![[back, -half], [face, -half], [face, half], [back, half]];
    let angle = layer
        .barrier_angle_rad
        .unwrap_or(std::f64::consts::FRAC_PI_4);
    let barrier = barrier(
        [[back, half], [face, half]],
        polar(1.0, angle),
        surface - layer.bridge_m,
    )
    .ok_or_else(|| too_long(&format!("{place}.magnet_width"), "flat magnet"))?;
    let mirror: Outline = barrier.iter().map(|p| [p[0], -p[1]]).collect();
    Ok(vec![
        region(&place, "magnet", Some(0.0), magnet),
        region(&place, "upper barrier", None, barrier),
        region(&place, "lower barrier", None, mirror),
    ])
}

fn too_long(place: &str, what: &str) -> SectionFault {
    SectionFault::new(
        place,
        format!("the {what} reaches into the bridge or out of the rotor"),
        "a narrower magnet, or more depth",
    )
}

/// The hole between a magnet's end (shaft side, gap side) and the circle below the bridge.
///
/// `None` where the magnet's end is already outside that circle.
fn barrier(ends: [Point; 2], direction: Point, limit: f64) -> Option<Outline> {
    if ends.iter().any(|p| radius(*p) > limit - 0.1e-3) {
        return None;
    }
    let low = ray_circle(ends[0], direction, limit)?;
    let high = ray_circle(ends[1], direction, limit)?;
    let mut outline = vec![ends[1], ends[0], low];
    append_radius_arc(&mut outline, low, high, -limit);
    (distance(low, high) > 0.2e-3 && signed_area(&outline).abs() > 1e-9).then_some(outline)
}

fn free_region(source: &Region, index: usize) -> Result<RotorRegion, SectionFault> {
    let place = format!("rotor.region[{index}]");
    let before = source.outline.last().map_or([0.0; 2], |c| c.at_m);
    let outline = through(&source.outline, before);
    if let Some((i, j)) = self_crossing(&outline) {
        let message = format!(
            "outline `{}` crosses itself (sides {i} and {j})",
            source.name
        );
        return Err(SectionFault::new(
            format!("{place}.outline"),
            message,
            "list its corners in order",
        ));
    }
    if outline.len() < 3 || signed_area(&outline).abs() < 1e-9 {
        let message = format!("outline `{}` encloses no area", source.name);
        return Err(SectionFault::new(
            format!("{place}.outline"),
            message,
            "list its corners in order, in mm",
        ));
    }
    Ok(region(
        &place,
        &source.name,
        source.magnetisation_rad,
        outline,
    ))
}

/// Every corner lies in the lamination: off the shaft, the surface and the sides of the pole.
fn check_inside(section: &Section, regions: &[RotorRegion]) -> Result<(), SectionFault> {
    let surface = section.rotor.outer_diameter_m / 2.0;
    let shaft = section.rotor.inner_diameter_m / 2.0;
    let half_pole = std::f64::consts::PI / (2.0 * f64::from(section.pole_pairs));
    for r in regions {
        let fault = |message: &str, hint: &str| {
            Err(SectionFault::new(
                r.place.clone(),
                format!("{} {message}", r.name),
                hint,
            ))
        };
        let n = r.outline.len();
        for (i, p) in r.outline.iter().enumerate() {
            let angle = p[1].atan2(p[0]).abs();
            if radius(*p) > surface - LEAST_STEEL_M {
                return fault(
                    "reaches the rotor surface",
                    "leave a bridge of steel, 1 mm or so",
                );
            }
            if segment_distance([0.0, 0.0], *p, r.outline[(i + 1) % n]) < shaft + LEAST_STEEL_M {
                return fault("reaches the shaft", "less depth, or a thinner shaft");
            }
            let to_side = radius(*p) * (half_pole - angle);
            if to_side < LEAST_STEEL_M && to_side.abs() > ON_SIDE_M {
                return fault(
                    "reaches the neighbouring pole",
                    "a narrower magnet or a smaller angle",
                );
            }
        }
    }
    Ok(())
}

/// No outline crosses another or lies inside it; touching along sides is allowed.
fn check_crossings(regions: &[RotorRegion]) -> Result<(), SectionFault> {
    for (i, a) in regions.iter().enumerate() {
        for b in &regions[..i] {
            if overlap(&a.outline, &b.outline) {
                let message = format!("`{}` overlaps `{}` of `{}`", a.name, b.name, b.place);
                return Err(SectionFault::new(
                    a.place.clone(),
                    message,
                    "move or shrink one of them",
                ));
            }
        }
    }
    Ok(())
}
