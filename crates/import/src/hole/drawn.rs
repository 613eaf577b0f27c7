//! HoleUD: a hole drawn line by line.

use std::f64::consts::{PI, TAU};

use codrive_model::section::Corner;

use super::{Hole, offset, own_turn, region};
use crate::fault::Fault;
use crate::json::Node;
use crate::outline::{Point, add, append_arc, length, straight, sub, turn, turned};

/// Lines that should meet may be apart by this, m.
const JOINT_M: f64 = 2e-6;

/// Reads the surfaces; those labelled as magnets take the magnets of `magnet_dict` in turn.
pub(crate) fn read<'a>(hole: &Node<'a>) -> Result<Hole<'a>, Fault> {
    let holes = f64::from(hole.count("Zh", 1, 1000)?);
    let alpha = hole.angle_or_zero("Alpha0")?.rem_euclid(TAU / holes);
    // A turn of a whole pitch but for rounding is none.
    let alpha = if TAU / holes - alpha < 1e-9 {
        0.0
    } else {
        alpha
    };
    let mut regions = Vec::new();
    let mut magnets = Vec::new();
    let mut magnet_surfaces = 0;
    for (i, surface) in hole.need("surf_list")?.items()?.iter().enumerate() {
        let outline = turned(&outline(surface)?, alpha);
        if !surface.text("label").unwrap_or("").contains("HoleMag") {
            regions.extend(region(&format!("air {}", i + 1), None, outline));
            continue;
        }
        let key = format!("magnet_{magnet_surfaces}");
        magnet_surfaces += 1;
        let magnet = hole.get("magnet_dict").and_then(|dict| dict.get(&key));
        let direction = match &magnet {
            Some(node) => Some(own_turn(node)? + offset(hole, &key)?),
            None => None,
        };
        let name = format!("magnet {magnet_surfaces}");
        regions.extend(region(&name, direction, outline));
        magnets.extend(magnet);
    }
    Ok(Hole { regions, magnets })
}

/// The closed outline of a SurfLine.
fn outline(surface: &Node) -> Result<Vec<Corner>, Fault> {
    let class = surface.class()?;
    if class != "SurfLine" {
        let message = format!("is a {class}, which codrive cannot read yet");
        return Err(surface.fault(message, "it reads SurfLine"));
    }
    let lines = surface.need("line_list")?.items()?;
    let mut corners: Vec<Corner> = Vec::new();
    let mut first = None;
    let mut end = None;
    for line in &lines {
        let begin = line.point("begin")?;
        if let Some(end) = end {
            check_joint(line, end, begin)?;
        }
        append(&mut corners, line, begin)?;
        first = first.or(Some(begin));
        end = corners.last().map(|c| c.at_m);
    }
    match (first, end) {
        (Some(first), Some(end)) => check_joint(surface, end, first)?,
        _ => return Err(surface.fault("has no lines", "a closed outline in `line_list`")),
    }
    Ok(corners)
}

fn check_joint(at: &Node, end: Point, begin: Point) -> Result<(), Fault> {
    let gap = length(sub(end, begin));
    if gap <= JOINT_M {
        return Ok(());
    }
    Err(at.fault(
        format!("leaves a gap of {:.4} mm in its outline", 1e3 * gap),
        "each line begins where the one before ends",
    ))
}

/// Appends a Segment or an arc that begins at `begin`.
fn append(corners: &mut Vec<Corner>, line: &Node, begin: Point) -> Result<(), Fault> {
    let trigonometric = || match line.get("is_trigo_direction") {
        Some(_) => line.flag("is_trigo_direction"),
        None => Ok(true),
    };
    match line.class()? {
        "Segment" => corners.push(straight(line.point("end")?)),
        "Arc1" => {
            let end = line.point("end")?;
            let centre = centre(line, begin, end)?;
            let sweep = sweep(sub(begin, centre), sub(end, centre), trigonometric()?);
            append_arc(corners, centre, begin, sweep);
        }
        "Arc2" => {
            let sweep = line.need("angle")?.number(-TAU, TAU)?;
            append_arc(corners, line.point("center")?, begin, sweep);
        }
        "Arc3" => {
            let end = line.point("end")?;
            let centre = [(begin[0] + end[0]) / 2.0, (begin[1] + end[1]) / 2.0];
            let sweep = if trigonometric()? { PI } else { -PI };
            append_arc(corners, centre, begin, sweep);
        }
        class => {
            let message = format!("is a {class}, which codrive cannot read yet");
            return Err(line.fault(message, "it reads Segment, Arc1, Arc2, Arc3"));
        }
    }
    Ok(())
}

/// Centre of an Arc1: left of the way from begin to end for a positive radius.
fn centre(line: &Node, begin: Point, end: Point) -> Result<Point, Fault> {
    let radius = line.need("radius")?.number(-10.0, 10.0)?;
    let chord = sub(end, begin);
    let half = length(chord) / 2.0;
    if half <= 0.0 || radius.abs() < half - JOINT_M {
        return Err(line.fault(
            format!(
                "has no arc of radius {:.4} mm between its ends",
                1e3 * radius
            ),
            format!("at least half their distance, {:.4} mm", 1e3 * half),
        ));
    }
    let height = (radius * radius - half * half).max(0.0).sqrt() * radius.signum();
    let left = [-chord[1] / (2.0 * half), chord[0] / (2.0 * half)];
    let middle = add(begin, [chord[0] / 2.0, chord[1] / 2.0]);
    Ok([middle[0] + height * left[0], middle[1] + height * left[1]])
}

/// Signed angle from one arm to another, counter-clockwise or clockwise.
fn sweep(from: Point, to: Point, counter_clockwise: bool) -> f64 {
    let back = turn(to, -from[1].atan2(from[0]));
    let angle = back[1].atan2(back[0]).rem_euclid(TAU);
    if counter_clockwise {
        angle
    } else {
        angle - TAU
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::area;

    fn surface(lines: &serde_json::Value) -> Result<Vec<Corner>, Fault> {
        let value = serde_json::json!({"__class__": "SurfLine", "line_list": lines});
        outline(&Node::root(&value))
    }

    /// A half disc of radius 1 mm, written with each of the three kinds of arc.
    #[test]
    fn each_kind_of_arc_closes_a_half_disc() {
        let back = serde_json::json!({"__class__": "Segment", "begin": "(-0.001+0j)", "end": "(0.001+0j)"});
        let (begin, end) = ("(0.001+0j)", "(-0.001+0j)");
        for arc in [
            serde_json::json!({"__class__": "Arc1", "begin": begin, "end": end, "radius": 0.001, "is_trigo_direction": true}),
            serde_json::json!({"__class__": "Arc2", "begin": begin, "center": "0j", "angle": PI}),
            serde_json::json!({"__class__": "Arc3", "begin": begin, "end": end, "is_trigo_direction": true}),
        ] {
            let outline = surface(&serde_json::json!([arc, back])).unwrap();
            assert!((area(&outline) - PI * 0.5e-6).abs() < 1e-15, "{arc}");
        }
    }

    /// The long way round: three quarters of a circle and the square to its centre.
    #[test]
    fn an_arc_may_be_longer_than_half_a_circle() {
        let outline = surface(&serde_json::json!([
            {"__class__": "Arc1", "begin": "(0.001+0j)", "end": "(0-0.001j)", "radius": -0.001, "is_trigo_direction": true},
            {"__class__": "Segment", "begin": "-0.001j", "end": "0j"},
            {"__class__": "Segment", "begin": "0j", "end": "0.001"}
        ]));
        let area = area(&outline.unwrap());
        assert!((area - 0.75 * PI * 1e-6).abs() < 1e-13, "{area}");
    }

    #[test]
    fn gaps_and_impossible_arcs_are_refused() {
        let gap = surface(&serde_json::json!([
            {"__class__": "Segment", "begin": "0j", "end": "(0.001+0j)"},
            {"__class__": "Segment", "begin": "(0.002+0j)", "end": "0j"}
        ]));
        assert!(gap.unwrap_err().message.contains("1.0000 mm"));
        let arc = surface(&serde_json::json!([
            {"__class__": "Arc1", "begin": "0j", "end": "(0.004+0j)", "radius": 0.001}
        ]));
        assert!(arc.unwrap_err().message.contains("no arc of radius"));
        assert!(surface(&serde_json::json!([])).is_err());
    }
}
