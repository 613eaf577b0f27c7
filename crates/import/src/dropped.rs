//! What a pyleecan file holds and a section does not.

use crate::fault::Fault;
use crate::json::Node;
use crate::notes::Notes;

/// Notes what is left out of a machine, and refuses what would change its air gap.
pub(crate) fn note(machine: &Node, notes: &mut Notes) -> Result<(), Fault> {
    let (stator, rotor) = (machine.need("stator")?, machine.need("rotor")?);
    for lamination in [&stator, &rotor] {
        if let Some(bore) = lamination.get("bore") {
            let message = format!("is a {}: codrive has round air gaps only", bore.class()?);
            return Err(bore.fault(message, "a lamination with a circular bore (null)"));
        }
    }
    for (node, key, what) in [
        (&stator, "notch", "notches in the stator bore"),
        (&rotor, "notch", "notches in the rotor surface"),
        (
            &stator,
            "yoke_notch",
            "notches in the stator's outer surface",
        ),
        (&rotor, "yoke_notch", "notches at the rotor's shaft"),
        (&stator, "axial_vent", "ventilation ducts of the stator"),
    ] {
        if !node.list(key)?.is_empty() {
            notes.section(format!("{what} are left out ({}.{key})", node.place()));
        }
    }
    for node in [&stator, &rotor] {
        if node.get("yoke").is_some() {
            notes.section(format!(
                "the shape of {}.yoke is taken as a circle",
                node.place()
            ));
        }
        if let Some(ducts) = node.get("Nrvd")
            && ducts.number(0.0, 1e4)? > 0.0
        {
            notes.machine(format!(
                "radial ventilation ducts of the {} are left out",
                node.place()
            ));
        }
    }
    let parts: Vec<&str> = [
        (machine, "frame", "frame"),
        (machine, "shaft", "shaft"),
        (&stator.need("winding")?, "end_winding", "end winding"),
    ]
    .iter()
    .filter(|(node, key, _)| node.get(key).is_some())
    .map(|(.., what)| *what)
    .collect();
    if !parts.is_empty() {
        notes.machine(format!(
            "{} of the file not taken over: codrive has its own models of them",
            parts.join(", ")
        ));
    }
    Ok(())
}
