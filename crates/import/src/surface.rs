//! SlotM11: arc-shaped magnets on the rotor's surface, or let into it.

use std::f64::consts::TAU;

use codrive_model::section::{MagnetSides, SurfaceMagnet, SurfaceMagnetisation};

use crate::fault::Fault;
use crate::json::Node;
use crate::notes::Notes;

/// Widest block of a radially magnetised magnet, electrical rad: 15°.
const WIDEST_BLOCK_RAD: f64 = 0.262;

/// A rotor of surface magnets.
pub(crate) struct Surface<'a> {
    /// The magnets of a pole.
    pub template: SurfaceMagnet,
    /// Radius of the magnets' outer surface, m.
    pub outer_radius_m: f64,
    /// The magnet of the file.
    pub magnet: Node<'a>,
}

/// Reads the magnets of a LamSlotMag.
///
/// The slot is `H0` deep and spans the angle `W0`; the magnet stands on its bottom, `H1` thick and
/// of angle `W1`.
pub(crate) fn read<'a>(
    rotor: &Node<'a>,
    poles: u32,
    notes: &mut Notes,
) -> Result<Surface<'a>, Fault> {
    let slot = rotor.need("slot")?;
    let class = slot.class()?;
    if class != "SlotM11" {
        let message = format!("is a {class}, which codrive cannot read yet");
        return Err(slot.fault(message, "it reads SlotM11 as surface magnets"));
    }
    let magnets = slot.count("Zs", 1, 1000)?;
    if magnets != poles {
        let message = format!("is {magnets} in a machine of {poles} poles");
        return Err(slot.fault_at("Zs", message, "one magnet a pole"));
    }
    let key = |new: &'static str, old: &'static str| {
        if slot.get(new).is_some() { new } else { old }
    };
    let inset_m = slot.length("H0")?;
    let magnet_thickness_m = slot.positive_length(key("H1", "Hmag"))?;
    let angle = slot.positive_angle(key("W1", "Wmag"))?;
    if inset_m > magnet_thickness_m + 1e-9 {
        let hint = "H0 at most H1: magnets that reach the rotor surface";
        return Err(slot.fault_at("H0", "puts the magnets below the rotor surface", hint));
    }
    if inset_m > 0.0 && (slot.positive_angle("W0")? - angle).abs() > 1e-6 {
        notes.section("the air beside the inset magnets is left out: the steel reaches up to them");
    }
    let magnet = rotor.need("magnet")?;
    let kind = match magnet.get("type_magnetization") {
        Some(kind) => kind.number(0.0, 3.0)?,
        None => 0.0,
    };
    let (magnetisation, segments) = if kind == 1.0 {
        (SurfaceMagnetisation::Parallel, 1)
    } else if kind == 0.0 {
        let blocks = (angle * f64::from(poles) / 2.0 / WIDEST_BLOCK_RAD).ceil();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let blocks = blocks.clamp(1.0, 16.0) as u32;
        notes.section(format!(
            "radial magnetisation taken as {blocks} blocks a pole, each along its own radius"
        ));
        (SurfaceMagnetisation::Radial, blocks)
    } else {
        return Err(magnet.fault_at(
            "type_magnetization",
            "is Halbach or tangential, which codrive does not have on the surface",
            "0 (radial) or 1 (parallel)",
        ));
    };
    if !rotor.list("axial_vent")?.is_empty() {
        notes.section("ventilation ducts of the rotor are left out (rotor.axial_vent)");
    }
    Ok(Surface {
        template: SurfaceMagnet {
            magnet_thickness_m,
            pole_arc: angle * f64::from(poles) / TAU,
            magnetisation,
            sides: MagnetSides::Radial,
            segments,
            inset_m: inset_m.min(magnet_thickness_m),
        },
        outer_radius_m: rotor.positive_length("Rext")? - inset_m + magnet_thickness_m,
        magnet,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotor(slot: serde_json::Value, kind: u32) -> serde_json::Value {
        serde_json::json!({"Rext": 0.04, "slot": slot, "magnet": {"type_magnetization": kind}})
    }

    #[test]
    fn magnets_stand_on_the_surface_or_in_it() {
        let slot = serde_json::json!({"__class__": "SlotM11", "Zs": 8, "H0": 0.001, "H1": 0.004,
            "W0": 0.6, "W1": 0.6});
        let mut notes = Notes::default();
        let json = rotor(slot.clone(), 1);
        let surface = read(&Node::root(&json), 8, &mut notes).unwrap();
        assert!((surface.outer_radius_m - 0.043).abs() < 1e-12);
        assert!((surface.template.pole_arc - 0.6 * 8.0 / TAU).abs() < 1e-12);
        assert_eq!(surface.template.inset_m, 0.001);
        assert_eq!(
            surface.template.magnetisation,
            SurfaceMagnetisation::Parallel
        );
        assert!(notes.section.is_empty());
        // Radial magnetisation: 0.6 rad are 137.5 electrical degrees, ten blocks of 15 at most.
        let json = rotor(slot.clone(), 0);
        assert_eq!(
            read(&Node::root(&json), 8, &mut notes)
                .unwrap()
                .template
                .segments,
            10
        );
        assert!(notes.section[0].contains("10 blocks"));
        let json = rotor(slot.clone(), 2);
        assert!(read(&Node::root(&json), 8, &mut notes).is_err());
        // The names of pyleecan before 1.5.2.
        let mut old = slot;
        for (new, name) in [("H1", "Hmag"), ("W1", "Wmag")] {
            old[name] = old[new].take();
        }
        let json = rotor(old, 1);
        assert!(read(&Node::root(&json), 8, &mut notes).is_ok());
    }
}
