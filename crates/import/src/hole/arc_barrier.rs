//! HoleM54: a barrier between two arcs about one centre, with rounded ends and no magnet.

use super::{Hole, Lamination, air};
use crate::fault::Fault;
use crate::json::Node;
use crate::outline::{add, append_arc, polar, straight};

/// The inner arc has the radius `R1` and crosses the axis `H0` below the surface; the barrier is
/// `H1` thick and spans the angle `W0` about its centre.
pub(super) fn read<'a>(hole: &Node<'a>, rotor: Lamination) -> Result<Hole<'a>, Fault> {
    let (h0, h1) = (hole.length("H0")?, hole.positive_length("H1")?);
    let radius = hole.positive_length("R1")?;
    let half = hole.positive_angle("W0")? / 2.0;
    let centre = [rotor.outer_radius_m - h0 + radius, 0.0];
    let at = |r: f64, angle: f64| add(centre, polar(r, std::f64::consts::PI + angle));
    let outer = radius + h1;
    let mut outline = vec![straight(at(radius, half))];
    append_arc(&mut outline, centre, at(radius, half), -2.0 * half);
    for (angle, sweep) in [(-half, 2.0 * half), (half, 0.0)] {
        let middle = at(radius + h1 / 2.0, angle);
        let from = if angle < 0.0 { radius } else { outer };
        append_arc(&mut outline, middle, at(from, angle), std::f64::consts::PI);
        if sweep > 0.0 {
            append_arc(&mut outline, centre, at(outer, angle), sweep);
        }
    }
    Ok(Hole {
        regions: air("arc barrier", outline).into_iter().collect(),
        magnets: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::{area, length};

    /// Part of a ring and two half discs; the inner arc is `H0` below the surface on the axis.
    #[test]
    fn the_barrier_has_its_area_and_depth() {
        let json = serde_json::json!({"H0": 0.011, "H1": 0.0041, "W0": 1.22, "R1": 0.03});
        let rotor = Lamination {
            outer_radius_m: 0.0406,
            poles: 4,
        };
        let hole = read(&Node::root(&json), rotor).unwrap();
        let outline = &hole.regions[0].outline;
        let ring = 0.61 * (0.0341_f64.powi(2) - 0.03_f64.powi(2));
        let ends = std::f64::consts::PI * 0.00205_f64.powi(2);
        assert!((area(outline).abs() - ring - ends).abs() < 1e-12);
        let nearest = outline.iter().map(|c| length(c.at_m)).fold(1.0, f64::min);
        assert!(nearest > 0.0406 - 0.011 - 0.0041 - 1e-9);
    }
}
