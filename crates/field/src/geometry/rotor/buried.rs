//! Layers of buried magnets: V and flat bar, with the barriers at their ends.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

use codrive_model::section::{BarLayer, SectionFault, VLayer, millimetres};

use super::super::RotorRegion;
use super::super::outline::{
    Outline, Point, along, append_radius_arc, distance, polar, radius, ray_circle, signed_area,
};

/// Smallest height of the hole between a magnet's end and the bridge, m.
const BARRIER_M: f64 = 0.1e-3;
/// Share of the magnet thickness that stays free between the rib-side corner and the magnet.
const INNER_POCKET: f64 = 0.15;

pub(super) fn v_layer(
    layer: &VLayer,
    index: usize,
    surface: f64,
) -> Result<Vec<RotorRegion>, SectionFault> {
    let place = format!("rotor.v[{index}]");
    let half = layer.v_angle_rad / 2.0;
    let (u, n) = (polar(1.0, half), polar(1.0, half - FRAC_PI_2));
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
    let limit = surface - layer.bridge_m;
    let lines = [side(start, 0.0), side(start, t)];
    check_room(&place, layer.depth_m, layer.magnet_width_m, lines, u, limit)?;
    let barrier = barrier(ends, direction, limit)
        .ok_or_else(|| no_barrier(&place, layer.barrier_angle_rad.is_some()))?;
    let mut regions = Vec::new();
    for (sign, which) in [(1.0, "upper"), (-1.0, "lower")] {
        let mirror = |outline: &Outline| {
            outline
                .iter()
                .map(|p| [p[0], sign * p[1]])
                .collect::<Outline>()
        };
        let angle = sign * (half - FRAC_PI_2);
        regions.push(RotorRegion::new(
            &place,
            &format!("{which} magnet"),
            Some(angle),
            mirror(&magnet),
        ));
        regions.push(RotorRegion::new(
            &place,
            &format!("{which} inner pocket"),
            None,
            mirror(&pocket),
        ));
        regions.push(RotorRegion::new(
            &place,
            &format!("{which} barrier"),
            None,
            mirror(&barrier),
        ));
    }
    Ok(regions)
}

pub(super) fn bar_layer(
    layer: &BarLayer,
    index: usize,
    surface: f64,
) -> Result<Vec<RotorRegion>, SectionFault> {
    let place = format!("rotor.bar[{index}]");
    let face = surface - layer.depth_m;
    let back = face - layer.magnet_thickness_m;
    let half = layer.magnet_width_m / 2.0;
    let magnet = vec![[back, -half], [face, -half], [face, half], [back, half]];
    let angle = layer.barrier_angle_rad.unwrap_or(FRAC_PI_4);
    let limit = surface - layer.bridge_m;
    let half_room = |x: f64| (limit * limit - x * x).max(0.0).sqrt() - BARRIER_M;
    let most = half_room(face);
    if face >= limit || most <= 0.0 {
        return Err(no_room(&place, layer.depth_m));
    }
    if half > most {
        return Err(too_wide(&place, layer.magnet_width_m, 2.0 * most));
    }
    let barrier = barrier([[back, half], [face, half]], polar(1.0, angle), limit)
        .ok_or_else(|| no_barrier(&place, layer.barrier_angle_rad.is_some()))?;
    let mirror: Outline = barrier.iter().map(|p| [p[0], -p[1]]).collect();
    Ok(vec![
        RotorRegion::new(&place, "magnet", Some(0.0), magnet),
        RotorRegion::new(&place, "upper barrier", None, barrier),
        RotorRegion::new(&place, "lower barrier", None, mirror),
    ])
}

/// Refuses a magnet that does not end below the circle under the bridge; `lines` are the starts of
/// its long sides, `along` their direction.
fn check_room(
    place: &str,
    depth: f64,
    width: f64,
    lines: [Point; 2],
    along: Point,
    limit: f64,
) -> Result<(), SectionFault> {
    let mut most = f64::INFINITY;
    for start in lines {
        let end = ray_circle(start, along, limit - BARRIER_M);
        match end {
            Some(end) if radius(start) < limit => most = most.min(distance(start, end)),
            _ => return Err(no_room(place, depth)),
        }
    }
    if width > most {
        return Err(too_wide(place, width, most));
    }
    Ok(())
}

fn no_room(place: &str, depth: f64) -> SectionFault {
    SectionFault::new(
        format!("{place}.depth"),
        format!(
            "{} leaves no room for the magnet below the bridge",
            millimetres(depth)
        ),
        "more depth: it is measured from the rotor's surface along the d axis",
    )
}

fn too_wide(place: &str, width: f64, most: f64) -> SectionFault {
    SectionFault::out_of_range(
        format!("{place}.magnet_width"),
        millimetres(width),
        &format!("at most {}", millimetres(most)),
        "the magnet ends below the bridge: a narrower magnet, or more depth",
    )
}

fn no_barrier(place: &str, has_angle: bool) -> SectionFault {
    let key = if has_angle {
        "barrier_angle"
    } else {
        "magnet_width"
    };
    SectionFault::new(
        format!("{place}.{key}"),
        "the hole between the magnet's end and the bridge cannot be drawn",
        "another barrier_angle, a narrower magnet, or more depth",
    )
}

/// The hole between a magnet's end (shaft side, gap side) and the circle below the bridge.
///
/// `None` where the magnet's end is already outside that circle.
fn barrier(ends: [Point; 2], direction: Point, limit: f64) -> Option<Outline> {
    if ends.iter().any(|p| radius(*p) > limit - 0.9 * BARRIER_M) {
        return None;
    }
    let low = ray_circle(ends[0], direction, limit)?;
    let high = ray_circle(ends[1], direction, limit)?;
    let mut outline = vec![ends[1], ends[0], low];
    append_radius_arc(&mut outline, low, high, -limit);
    (distance(low, high) > 0.2e-3 && signed_area(&outline).abs() > 1e-9).then_some(outline)
}
