//! V-shaped holes of two magnets, symmetrical about the axis.
//!
//! The parameters are those of pyleecan's drawings of HoleM50 and HoleM57. One arm is found below
//! the axis; the other is its mirror image.

use codrive_model::section::Corner;

use super::{Hole, Lamination, air, offset, own_turn, region};
use crate::fault::Fault;
use crate::json::Node;
use crate::outline::{
    Point, along, bent, length, meet, mirror, mirrored, polar, polygon, straight, sub,
};

/// The arm of a V below the axis.
struct Arm {
    /// Air between the magnet and the rotor surface.
    tip: Vec<Corner>,
    /// The magnet.
    magnet: Vec<Point>,
    /// Air between the magnet and the rib: from the magnet's shaft side along the rib to its gap side.
    pocket: Vec<Point>,
    /// Whether there is no rib, so that the pockets of both arms are one.
    open: bool,
    /// Direction across the arm towards the gap, rad.
    direction_rad: f64,
}

/// HoleM50: the V's ends are `W0` apart on the circle `H1` below the surface; its apex is `H0` deep.
pub(super) fn flat_topped<'a>(hole: &Node<'a>, rotor: Lamination) -> Result<Hole<'a>, Fault> {
    let [h0, h1, h2, h3, h4] = lengths(hole, ["H0", "H1", "H2", "H3", "H4"])?;
    let [w0, w1, w2, w3, w4] = lengths(hole, ["W0", "W1", "W2", "W3", "W4"])?;
    let ring = rotor.outer_radius_m - h1;
    let half_pole = std::f64::consts::PI / f64::from(rotor.poles);
    if w0 >= 2.0 * ring || w1 >= w0 || w3 >= 2.0 * ring || h2 >= h3 {
        return Err(hole.fault(
            "has parameters that no V has",
            "W1 < W0 < rotor diameter, W3 < rotor diameter, H2 < H3",
        ));
    }
    let outer = [(ring * ring - w0 * w0 / 4.0).sqrt(), -w0 / 2.0];
    let apex = [rotor.outer_radius_m - h0, -w1 / 2.0];
    let (u, n) = arm_directions(apex, outer);
    let channel = h3 - h2;
    let apex_below = along(apex, [-1.0, 0.0], channel / -n[0]);
    let on_top = |s: f64| along(apex, u, s);
    let below = |s: f64, depth: f64| along(on_top(s), n, depth);
    let (near, far) = (w2, w2 + w4);
    // The side of the tip runs parallel to the side of the pole, W3/2 from it.
    let side = polar(1.0, -half_pole);
    let corner = polar(ring, -half_pole + (w3 / (2.0 * ring)).asin());
    let inner = meet(
        [corner, along(corner, side, 1.0)],
        [below(near, channel), below(far, channel)],
    )
    .ok_or_else(|| hole.fault("has arms parallel to the side of the pole", "a wider V"))?;
    let arm = Arm {
        tip: vec![
            straight(corner),
            straight(inner),
            straight(below(far, channel)),
            straight(on_top(far)),
            straight(outer),
            straight(along(outer, side, h4)),
            bent(along(corner, side, h4), -ring),
        ],
        magnet: vec![
            below(far, channel),
            below(far, h3),
            below(near, h3),
            below(near, channel),
            on_top(near),
            on_top(far),
        ],
        pocket: vec![below(near, channel), apex_below, apex, on_top(near)],
        open: w1 == 0.0,
        direction_rad: (-n[1]).atan2(-n[0]),
    };
    if far > length(sub(outer, apex)) {
        return Err(too_long(hole, far, length(sub(outer, apex))));
    }
    both(hole, arm)
}

/// HoleM57: arms of constant thickness `H2` at the angle `W0`, ending parallel to the pole's side.
pub(super) fn parallel_sided<'a>(hole: &Node<'a>, rotor: Lamination) -> Result<Hole<'a>, Fault> {
    let angle = hole.need("W0")?.number(0.1, std::f64::consts::PI)?;
    let [h1, h2, w1, w2] = lengths(hole, ["H1", "H2", "W1", "W2"])?;
    let [w3, w4] = lengths(hole, ["W3", "W4"])?;
    let ring = rotor.outer_radius_m - h1;
    let half_pole = std::f64::consts::PI / f64::from(rotor.poles);
    if w3 >= 2.0 * ring || ring <= 0.0 || h2 <= 0.0 {
        return Err(hole.fault(
            "has parameters that no V has",
            "W3 < rotor diameter, H1 < rotor radius, H2 above zero",
        ));
    }
    let outer = polar(ring, -half_pole + (w3 / (2.0 * ring)).asin());
    let slope = ((std::f64::consts::PI - angle) / 2.0).tan();
    let apex = [outer[0] - slope * (-outer[1] - w1 / 2.0), -w1 / 2.0];
    let (u, n) = arm_directions(apex, outer);
    let apex_below = along(apex, [-1.0, 0.0], h2 / -n[0]);
    let side = polar(1.0, -half_pole);
    let end = meet(
        [outer, along(outer, side, 1.0)],
        [apex_below, along(apex_below, u, 1.0)],
    )
    .ok_or_else(|| hole.fault("has arms parallel to the side of the pole", "a wider V"))?;
    let below = |s: f64| along(end, u, -s);
    let above = |s: f64| along(below(s), n, -h2);
    let (near, far) = (w2, w2 + w4);
    let arm = Arm {
        tip: polygon(&[outer, above(near), below(near), end]),
        magnet: vec![above(near), above(far), below(far), below(near)],
        pocket: vec![below(far), apex_below, apex, above(far)],
        open: w1 == 0.0,
        direction_rad: (-n[1]).atan2(-n[0]),
    };
    let room = length(sub(end, apex)).min(length(sub(end, apex_below)));
    if outer[1] >= -w1 / 2.0 || far > room {
        return Err(too_long(hole, far, room));
    }
    both(hole, arm)
}

fn lengths<const N: usize>(hole: &Node, keys: [&str; N]) -> Result<[f64; N], Fault> {
    let mut values = [0.0; N];
    for (value, key) in values.iter_mut().zip(keys) {
        *value = hole.length(key)?;
    }
    Ok(values)
}

/// Unit vectors along the lower arm from apex to end, and across it towards the shaft.
fn arm_directions(apex: Point, end: Point) -> (Point, Point) {
    let d = sub(end, apex);
    let l = length(d).max(f64::MIN_POSITIVE);
    let u = [d[0] / l, d[1] / l];
    (u, [u[1], -u[0]])
}

fn too_long(hole: &Node, needed: f64, room: f64) -> Fault {
    hole.fault(
        format!(
            "has magnets that end {:.3} mm along an arm of {:.3} mm",
            1e3 * needed,
            1e3 * room.max(0.0)
        ),
        "a smaller W2 or W4, or a deeper V",
    )
}

/// Both arms, with the magnets that the file has.
fn both<'a>(hole: &Node<'a>, arm: Arm) -> Result<Hole<'a>, Fault> {
    let mut regions = Vec::new();
    let mut magnets = Vec::new();
    let magnet_outline = polygon(&arm.magnet);
    let pocket = polygon(&arm.pocket);
    for (key, which, sign) in [("magnet_0", "lower", 1.0), ("magnet_1", "upper", -1.0)] {
        let reflect = |outline: &[Corner]| {
            if sign > 0.0 {
                outline.to_vec()
            } else {
                mirrored(outline)
            }
        };
        let magnet = hole.get(key);
        let direction = match &magnet {
            Some(node) => Some(sign * arm.direction_rad + own_turn(node)? + offset(hole, key)?),
            None => None,
        };
        regions.extend(region(
            &format!("{which} magnet"),
            direction,
            reflect(&magnet_outline),
        ));
        regions.extend(air(&format!("{which} barrier"), reflect(&arm.tip)));
        if !arm.open {
            regions.extend(air(&format!("{which} pocket"), reflect(&pocket)));
        }
        magnets.extend(magnet);
    }
    if arm.open {
        let chain = &arm.pocket;
        let (magnet_side, gap_side) = (chain[0], chain[chain.len() - 1]);
        let whole = polygon(&[
            magnet_side,
            chain[1],
            mirror(magnet_side),
            mirror(gap_side),
            chain[2],
            gap_side,
        ]);
        regions.extend(air("centre pocket", whole));
    }
    Ok(Hole { regions, magnets })
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use codrive_model::section::{Region, RegionMaterial};
    use serde_json::{Value, json};

    use super::*;
    use crate::outline::{area, dot, turn};

    const ROTOR: Lamination = Lamination {
        outer_radius_m: 0.08,
        poles: 8,
    };

    fn m50() -> Value {
        json!({"H0": 0.012, "H1": 0.0015, "H2": 0.001, "H3": 0.0065, "H4": 0.0005, "W0": 0.042,
            "W1": 0.002, "W2": 0.001, "W3": 0.014, "W4": 0.0175, "magnet_0": {}, "magnet_1": {}})
    }

    fn m57() -> Value {
        json!({"H1": 0.001, "H2": 0.005, "W0": 2.4, "W1": 0.002, "W2": 0.001, "W3": 0.008,
            "W4": 0.018, "magnet_0": {}, "magnet_1": {}})
    }

    fn draw(class: &str, hole: &Value) -> Result<Vec<Region>, Fault> {
        let node = Node::root(hole);
        let found = match class {
            "HoleM50" => flat_topped(&node, ROTOR),
            _ => parallel_sided(&node, ROTOR),
        };
        Ok(found?.regions)
    }

    fn named<'r>(regions: &'r [Region], name: &str) -> &'r Region {
        regions.iter().find(|r| r.name == name).unwrap()
    }

    /// Bridge, tooth, rib, magnet and its direction are those of the parameters.
    #[test]
    fn both_kinds_of_v_have_the_dimensions_of_their_drawing() {
        for (class, hole, bridge, tooth, rib, magnet) in [
            ("HoleM50", m50(), 0.0015, 0.014, 0.002, 0.0175 * 0.0065),
            ("HoleM57", m57(), 0.001, 0.008, 0.002, 0.018 * 0.005),
        ] {
            let regions = draw(class, &hole).unwrap();
            let lower = named(&regions, "lower magnet");
            assert!(
                (area(&lower.outline).abs() - magnet).abs() < 1e-12,
                "{class}"
            );
            // Magnetised across its own long side, towards the gap and the axis.
            let direction = polar(1.0, lower.magnetisation_rad.unwrap());
            assert!(
                direction[0] > 0.0 && direction[1] > 0.0,
                "{class}: {direction:?}"
            );
            let long = lower
                .outline
                .windows(2)
                .map(|w| sub(w[1].at_m, w[0].at_m))
                .max_by(|a, b| length(*a).total_cmp(&length(*b)))
                .unwrap();
            assert!(dot(long, direction).abs() < 1e-12, "{class}");
            let tip = named(&regions, "lower barrier");
            let side = turn([0.0, 1.0], -PI / 8.0);
            let to_side = tip
                .outline
                .iter()
                .map(|c| dot(side, c.at_m))
                .fold(1.0, f64::min);
            assert!((to_side - tooth / 2.0).abs() < 1e-12, "{class}: {to_side}");
            let farthest = tip
                .outline
                .iter()
                .map(|c| length(c.at_m))
                .fold(0.0, f64::max);
            // H4 of HoleM50 reaches into the bridge.
            let reach = if class == "HoleM50" { 0.0005 } else { 0.0 };
            assert!(
                (0.08 - farthest - bridge + reach).abs() < 1e-5,
                "{class}: {farthest}"
            );
            let pocket = named(&regions, "lower pocket");
            let to_axis = pocket
                .outline
                .iter()
                .map(|c| -c.at_m[1])
                .fold(1.0, f64::min);
            assert!((to_axis - rib / 2.0).abs() < 1e-12, "{class}: {to_axis}");
            let upper = named(&regions, "upper magnet");
            assert_eq!(upper.magnetisation_rad, lower.magnetisation_rad.map(|m| -m));
            assert!((area(&upper.outline) + area(&lower.outline)).abs() < 1e-15);
        }
    }

    #[test]
    fn without_a_rib_the_pocket_is_one() {
        for (class, mut hole) in [("HoleM50", m50()), ("HoleM57", m57())] {
            hole["W1"] = 0.into();
            let regions = draw(class, &hole).unwrap();
            let pocket = named(&regions, "centre pocket");
            assert_eq!(regions.len(), 5, "{class}");
            let mirrored_area = area(&mirrored(&pocket.outline));
            assert!((area(&pocket.outline) + mirrored_area).abs() < 1e-15);
        }
    }

    #[test]
    fn a_magnet_taken_out_leaves_air() {
        for (class, mut hole) in [("HoleM50", m50()), ("HoleM57", m57())] {
            hole["magnet_0"] = Value::Null;
            let regions = draw(class, &hole).unwrap();
            assert_eq!(
                named(&regions, "lower magnet").material,
                RegionMaterial::Air
            );
            assert_eq!(
                named(&regions, "upper magnet").material,
                RegionMaterial::Magnet
            );
        }
    }

    #[test]
    fn a_magnet_longer_than_its_arm_is_refused() {
        for (class, mut hole) in [("HoleM50", m50()), ("HoleM57", m57())] {
            hole["W4"] = 0.04.into();
            let fault = draw(class, &hole).unwrap_err();
            assert!(fault.message.contains("end 41.000 mm"), "{class}: {fault}");
        }
    }
}
