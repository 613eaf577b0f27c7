//! Flux density across the slots, by zones: what the conductors in them see.

use std::collections::BTreeMap;

use pulp::{Arch, Simd, WithSimd};

use crate::mesh::Fill;
use crate::solve::equations::Equations;
use crate::solve::lanes::{F32, F64};

/// Zones of equal area in a slot, from its bottom (away from the gap) to its opening.
pub const ZONES: usize = 8;

/// The zones of all slots of a sector, slot by slot.
#[derive(Clone, Debug)]
pub struct SlotZones {
    zones: Vec<Zone>,
}

/// Mean flux density of a zone as a sum over the stator's unknowns.
#[derive(Clone, Debug, Default)]
struct Zone {
    /// Unknown, and its share in the tangential and in the radial component, 1/m.
    terms: Vec<(u32, [f64; 2])>,
}

/// A point of integration in a slot.
struct Place {
    cell: usize,
    point: usize,
    radius_m: f64,
    area_m2: f64,
}

impl SlotZones {
    /// Cuts every slot's winding area along the radius of its middle.
    #[must_use]
    pub fn new<const N: usize, const Q: usize>(equations: &Equations<N, Q>) -> Self {
        let slots = equations.model.mesh.sector.slots as usize;
        Self {
            zones: (0..slots)
                .flat_map(|slot| zones_of(equations, slot))
                .collect(),
        }
    }

    /// Number of zones in all slots.
    #[must_use]
    pub fn len(&self) -> usize {
        self.zones.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// Mean tangential and radial flux density of each zone, T, from the stator's potential.
    #[must_use]
    pub fn means(&self, stator: &[F64]) -> Vec<[F32; 2]> {
        Arch::new().dispatch(Means {
            zones: &self.zones,
            x: stator,
        })
    }
}

fn zones_of<const N: usize, const Q: usize>(equations: &Equations<N, Q>, slot: usize) -> Vec<Zone> {
    let model = equations.model;
    let cells = model.cells.iter().enumerate().skip(model.rotor_cells);
    let mut places: Vec<Place> = cells
        .filter(|(_, cell)| cell.fill == Fill::Slot(slot))
        .flat_map(|(index, cell)| {
            let point = move |point: usize| Place {
                cell: index,
                point,
                radius_m: f64::hypot(cell.element.points[point][0], cell.element.points[point][1]),
                area_m2: cell.element.weight,
            };
            (0..Q).map(point)
        })
        .collect();
    places.sort_by(|a, b| {
        let outer = b.radius_m.total_cmp(&a.radius_m);
        outer.then((a.cell, a.point).cmp(&(b.cell, b.point)))
    });
    let radial = direction(&places, |p| model.cells[p.cell].element.points[p.point]);
    let of_zone = places.iter().map(|p| p.area_m2).sum::<f64>() / ZONES as f64;
    let mut sums: Vec<BTreeMap<u32, [f64; 2]>> = vec![BTreeMap::new(); ZONES];
    let mut before = 0.0;
    for place in &places {
        let after = before + place.area_m2 / of_zone;
        for (zone, sum) in sums.iter_mut().enumerate() {
            // The part of the point's area that lies in this zone, over the zone's.
            let share = after.min(zone as f64 + 1.0) - f64::max(before, zone as f64);
            if share > 0.0 {
                add_point(equations, place, share, radial, sum);
            }
        }
        before = after;
    }
    sums.into_iter()
        .map(|sum| Zone {
            terms: sum.into_iter().collect(),
        })
        .collect()
}

/// Unit vector from the machine's axis to the middle of the places.
fn direction(places: &[Place], at: impl Fn(&Place) -> [f64; 2]) -> [f64; 2] {
    let sum = places.iter().fold([0.0; 2], |sum, place| {
        let [x, y] = at(place);
        [sum[0] + place.area_m2 * x, sum[1] + place.area_m2 * y]
    });
    let length = f64::hypot(sum[0], sum[1]).max(f64::MIN_POSITIVE);
    sum.map(|c| c / length)
}

fn add_point<const N: usize, const Q: usize>(
    equations: &Equations<N, Q>,
    place: &Place,
    share: f64,
    [c, s]: [f64; 2],
    sum: &mut BTreeMap<u32, [f64; 2]>,
) {
    let model = equations.model;
    let cell = &model.cells[place.cell];
    for (node, [x, y]) in cell.nodes.iter().zip(cell.element.curl[place.point]) {
        let (unknown, sign) = equations.stator.unknown_of[*node as usize - model.rotor_nodes()];
        let term = sum.entry(unknown).or_default();
        term[0] += share * sign * (c * y - s * x);
        term[1] += share * sign * (c * x + s * y);
    }
}

struct Means<'a> {
    zones: &'a [Zone],
    x: &'a [F64],
}

impl WithSimd for Means<'_> {
    type Output = Vec<[F32; 2]>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        let mut means = Vec::with_capacity(self.zones.len());
        for zone in self.zones {
            let mut b = [F64::ZERO; 2];
            for (unknown, terms) in &zone.terms {
                let a = self.x[*unknown as usize];
                b[0].add_multiple(terms[0], &a);
                b[1].add_multiple(terms[1], &a);
            }
            means.push([b[0].single(), b[1].single()]);
        }
        means
    }
}
