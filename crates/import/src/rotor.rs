//! The rotor: interior magnets in holes, or magnets on the surface.

use codrive_model::section::{RegionMaterial, Rotor};

use crate::ducts;
use crate::fault::Fault;
use crate::hole::{self, Lamination};
use crate::json::Node;
use crate::notes::Notes;
use crate::pole::in_pole;
use crate::surface;

/// A rotor and the magnets of the file.
pub(crate) struct RotorParts<'a> {
    /// Its lamination and magnets.
    pub rotor: Rotor,
    /// The magnets of the file, at least one.
    pub magnets: Vec<Node<'a>>,
}

/// Reads a rotor inside a stator.
pub(crate) fn read<'a>(
    rotor: &Node<'a>,
    pole_pairs: u32,
    notes: &mut Notes,
) -> Result<RotorParts<'a>, Fault> {
    let poles = 2 * pole_pairs;
    let lamination = Lamination {
        outer_radius_m: rotor.positive_length("Rext")?,
        poles,
    };
    let inner_diameter_m = 2.0 * rotor.positive_length("Rint")?;
    match rotor.class()? {
        "LamHole" => {
            let mut parts = in_holes(rotor, lamination)?;
            add_ducts(rotor, poles, &mut parts.rotor, notes)?;
            parts.rotor.outer_diameter_m = 2.0 * lamination.outer_radius_m;
            parts.rotor.inner_diameter_m = inner_diameter_m;
            Ok(parts)
        }
        "LamSlotMag" => {
            let surface = surface::read(rotor, poles, notes)?;
            Ok(RotorParts {
                rotor: Rotor {
                    outer_diameter_m: 2.0 * surface.outer_radius_m,
                    inner_diameter_m,
                    surface: vec![surface.template],
                    ..Rotor::default()
                },
                magnets: vec![surface.magnet],
            })
        }
        class => Err(rotor.fault(
            format!("is a {class}, which codrive cannot read yet"),
            "it reads LamHole and LamSlotMag",
        )),
    }
}

fn in_holes<'a>(node: &Node<'a>, lamination: Lamination) -> Result<RotorParts<'a>, Fault> {
    let mut rotor = Rotor::default();
    let mut magnets = Vec::new();
    let holes = node.need("hole")?.items()?;
    for (i, hole) in holes.iter().enumerate() {
        let found = hole::read(hole, lamination)?;
        let copies = hole.count("Zh", 1, 1000)?;
        if copies != lamination.poles {
            let message = format!("is {copies} in a machine of {} poles", lamination.poles);
            return Err(hole.fault_at("Zh", message, "one hole a pole"));
        }
        for mut region in found.regions {
            if holes.len() > 1 {
                region.name = format!("hole {} {}", i + 1, region.name);
            }
            rotor.region.extend(in_pole(&region, copies, 0.0, copies));
        }
        magnets.extend(found.magnets);
    }
    if magnets.is_empty()
        || !rotor
            .region
            .iter()
            .any(|r| r.material == RegionMaterial::Magnet)
    {
        return Err(node.fault(
            "has no magnet: codrive has permanent-magnet machines only",
            "holes with magnets (HoleM54 alone has none)",
        ));
    }
    Ok(RotorParts { rotor, magnets })
}

fn add_ducts(node: &Node, poles: u32, rotor: &mut Rotor, notes: &mut Notes) -> Result<(), Fault> {
    for (i, duct) in node.list("axial_vent")?.iter().enumerate() {
        let Some(regions) = ducts::read(duct, poles)? else {
            notes.section(format!(
                "the ducts of {} do not repeat from pole to pole and are left out",
                duct.place()
            ));
            continue;
        };
        for mut region in regions {
            region.name = format!("duct {}: {}", i + 1, region.name);
            rotor.region.push(region);
        }
    }
    Ok(())
}
