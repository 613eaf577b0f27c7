//! Rotor holes, each centred on +x: their magnets and what is air.

mod arc_barrier;
mod drawn;
mod v;

use codrive_model::section::{Corner, Region, RegionMaterial};

use crate::fault::Fault;
use crate::json::Node;
use crate::outline::{area, without_doubles};

pub(crate) use drawn::read as read_drawn;

/// Outlines that enclose less are left out, m²: a thousandth of a square millimetre.
const LEAST_AREA_M2: f64 = 1e-9;

/// One hole as the file has it.
pub(crate) struct Hole<'a> {
    /// Its magnets and air, centred on +x.
    pub regions: Vec<Region>,
    /// The magnets of the file, for their material and length.
    pub magnets: Vec<Node<'a>>,
}

/// What a hole needs to know of its rotor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lamination {
    /// Outer radius, m.
    pub outer_radius_m: f64,
    /// Poles.
    pub poles: u32,
}

/// Reads a hole of one of the classes that hold magnets.
pub(crate) fn read<'a>(hole: &Node<'a>, rotor: Lamination) -> Result<Hole<'a>, Fault> {
    match hole.class()? {
        "HoleUD" => read_drawn(hole),
        "HoleM50" => v::flat_topped(hole, rotor),
        "HoleM57" => v::parallel_sided(hole, rotor),
        "HoleM54" => arc_barrier::read(hole, rotor),
        class => Err(hole.fault(
            format!("is a {class}, which codrive cannot read yet"),
            "it reads HoleUD, HoleM50, HoleM54, HoleM57 in a LamHole, and SlotM11 in a LamSlotMag",
        )),
    }
}

/// A region of air, unless it encloses nothing.
fn air(name: &str, outline: Vec<Corner>) -> Option<Region> {
    region(name, None, outline)
}

/// A magnet, or air where the file has taken the magnet out.
fn region(name: &str, magnetisation_rad: Option<f64>, outline: Vec<Corner>) -> Option<Region> {
    let outline = without_doubles(outline);
    let material = match magnetisation_rad {
        Some(_) => RegionMaterial::Magnet,
        None => RegionMaterial::Air,
    };
    (area(&outline).abs() > LEAST_AREA_M2).then(|| Region {
        name: name.to_owned(),
        material,
        magnetisation_rad,
        outline,
    })
}

/// How far a magnet's own kind of magnetisation turns the direction of the hole, rad.
fn own_turn(magnet: &Node) -> Result<f64, Fault> {
    let Some(kind) = magnet.get("type_magnetization") else {
        return Ok(0.0);
    };
    match kind.number(0.0, 3.0)? {
        1.0 => Ok(0.0),
        3.0 => Ok(-std::f64::consts::FRAC_PI_2),
        _ => Err(kind.fault(
            "is radial or Halbach, which a magnet in a hole cannot have",
            "1 (parallel) or 3 (tangential)",
        )),
    }
}

/// What `magnetization_dict_offset` holds for a magnet, rad; zero if nothing.
fn offset(hole: &Node, magnet: &str) -> Result<f64, Fault> {
    hole.get("magnetization_dict_offset")
        .map_or(Ok(0.0), |offsets| offsets.angle_or_zero(magnet))
}
