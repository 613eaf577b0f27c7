//! Axial ventilation ducts of the rotor: air that the flux has to pass round.
//!
//! pyleecan counts their angle from the side of the first pole, that of holes from its middle.

use codrive_model::section::{Corner, Region, RegionMaterial};

use crate::fault::Fault;
use crate::hole::read_drawn;
use crate::json::Node;
use crate::outline::{append_arc, circle, polar, polygon, straight, turned, without_doubles};
use crate::pole::in_pole;

/// What of the ducts lies in the pole about +x; `None` if they do not repeat from pole to pole.
pub(crate) fn read(duct: &Node, poles: u32) -> Result<Option<Vec<Region>>, Fault> {
    let copies = duct.count("Zh", 1, 1000)?;
    let from_side = -std::f64::consts::PI / f64::from(poles);
    let (regions, start) = match duct.class()? {
        "HoleUD" => (read_drawn(duct)?.regions, from_side),
        class => {
            let outline = shape(duct, class)?;
            let region = Region {
                name: "duct".to_owned(),
                material: RegionMaterial::Air,
                magnetisation_rad: None,
                outline: without_doubles(outline),
            };
            (vec![region], from_side + duct.angle_or_zero("Alpha0")?)
        }
    };
    if !copies.is_multiple_of(poles) {
        return Ok(None);
    }
    let pieces = regions
        .into_iter()
        .map(|region| Region {
            material: RegionMaterial::Air,
            magnetisation_rad: None,
            ..region
        })
        .flat_map(|region| in_pole(&region, copies, start, poles))
        .collect();
    Ok(Some(pieces))
}

/// A duct centred on +x.
fn shape(duct: &Node, class: &str) -> Result<Vec<Corner>, Fault> {
    let (h0, d0) = (duct.positive_length("H0")?, duct.positive_length("D0")?);
    match class {
        "VentilationCirc" => Ok(circle([h0, 0.0], d0 / 2.0)),
        "VentilationTrap" => {
            let (w1, w2) = (duct.length("W1")?, duct.length("W2")?);
            Ok(polygon(&[
                [h0, -w1 / 2.0],
                [h0 + d0, -w2 / 2.0],
                [h0 + d0, w2 / 2.0],
                [h0, w1 / 2.0],
            ]))
        }
        "VentilationPolar" => {
            let angle = duct.positive_angle("W1")?;
            let start = turned(&[straight([h0 + d0, 0.0])], -angle / 2.0);
            let mut outline = start;
            append_arc(&mut outline, [0.0; 2], polar(h0 + d0, -angle / 2.0), angle);
            outline.push(straight(polar(h0, angle / 2.0)));
            append_arc(&mut outline, [0.0; 2], polar(h0, angle / 2.0), -angle);
            Ok(outline)
        }
        _ => Err(duct.fault(
            format!("is a {class}, which codrive cannot read yet"),
            "it reads VentilationCirc, VentilationPolar, VentilationTrap and HoleUD as ducts",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::area;

    /// Areas of the three shapes by their closed forms.
    #[test]
    fn ducts_have_their_areas() {
        let base = serde_json::json!({"Zh": 8, "H0": 0.03, "D0": 0.008, "W1": 0.2, "W2": 0.006});
        for (class, width, expected) in [
            ("VentilationCirc", 0.0, std::f64::consts::PI * 16e-6),
            ("VentilationTrap", 0.004, 0.008 * 0.005),
            ("VentilationPolar", 0.2, 0.1 * (0.038_f64.powi(2) - 9e-4)),
        ] {
            let mut duct = base.clone();
            duct["W1"] = width.into();
            let got = area(&shape(&Node::root(&duct), class).unwrap());
            assert!((got - expected).abs() < 1e-12, "{class}: {got} {expected}");
        }
    }

    /// Ducts at angle zero lie on the side of the pole: half at each side.
    #[test]
    fn angles_count_from_the_side_of_the_pole() {
        let duct = serde_json::json!({
            "__class__": "VentilationCirc", "Zh": 8, "H0": 0.03, "D0": 0.008, "Alpha0": 0.0
        });
        let halves = read(&Node::root(&duct), 8).unwrap().unwrap();
        assert_eq!(halves.len(), 2);
        for half in &halves {
            assert!((area(&half.outline) - std::f64::consts::PI * 8e-6).abs() < 1e-12);
        }
        assert!(read(&Node::root(&duct), 12).unwrap().is_none());
    }
}
