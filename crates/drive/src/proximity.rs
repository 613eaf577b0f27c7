//! AC loss of the conductors in a slot, from the field that crosses them.
//!
//! A conductor loses in its own field, which its own current makes ([`own_field_factor`]), and in the
//! field that crosses it from elsewhere: from the conductors below it, and from the magnets and the
//! teeth in field weakening, which a one-dimensional formula does not see. Both are orthogonal (Ferreira
//! 1994, doi:10.1109/63.285503), so the losses add. With the slot leakage of the currents alone the sum
//! is Dowell's layer formula, term by term.
//!
//! For a bar of height h (radial) and width b below its skin depth, per length,
//!
//! P = σ/12 · (h³ b ⟨Ḃ_t²⟩ + b³ h ⟨Ḃ_r²⟩),
//!
//! for n round strands of diameter d, P = n σ π d⁴/64 · ⟨Ḃ²⟩ (Sullivan 2001, doi:10.1109/63.923772). Both
//! times [`reaction`], which is that of the fundamental: harmonics are a little overestimated.

use codrive_model::flux_map::{FluxMap, SectionFacts, SlotField};
use codrive_numerics::bilinear::{Bilinear, Place};

use crate::conditions::{Build, Conductor};
use crate::error::DriveError;
use crate::winding::{Layers, reduced_height};

/// Loss of a conductor in its own field over its DC loss, ξ its height over the skin depth.
///
/// (ξ/2)(sinh ξ + sin ξ)/(cosh ξ − cos ξ), the part of Dowell's formula that is even over the conductor.
#[must_use]
pub fn own_field_factor(xi: f64) -> f64 {
    if xi < 1e-2 {
        return 1.0 + xi.powi(4) / 180.0;
    }
    0.5 * xi * (xi.sinh() + xi.sin()) / (xi.cosh() - xi.cos())
}

/// Loss of a conductor in a field from elsewhere over that without the reaction of its eddy currents.
///
/// 6 (sinh ξ − sin ξ)/(ξ³ (cosh ξ + cos ξ)), from the same formula.
#[must_use]
pub fn reaction(xi: f64) -> f64 {
    if xi < 1e-2 {
        return 1.0;
    }
    6.0 * (xi.sinh() - xi.sin()) / (xi.powi(3) * (xi.cosh() + xi.cos()))
}

/// Loss of a machine's slot conductors in fields from elsewhere, over unit currents.
#[derive(Clone, Debug)]
pub struct Proximity {
    /// Loss over σ ω² and stack length, of the tangential and of the radial field, m⁴·T².
    tables: Bilinear<2>,
    /// Height (radial) and width of a conductor, m.
    size_m: [f64; 2],
    width_share: f64,
}

/// σ ω² with the reaction of the conductors, at one speed and temperature.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProximityFactors([f64; 2]);

impl Proximity {
    /// Prepares the losses of conductors in a section's slots.
    ///
    /// # Errors
    /// A slot field that does not fit the map's axes.
    pub fn new(
        slot: &SlotFields,
        facts: &SectionFacts,
        build: &Build,
        layers: &Layers,
    ) -> Result<Self, DriveError> {
        let slots = f64::from(facts.slots);
        let (h, b) = (layers.height_m, layers.width_share * facts.slot_width_m);
        let field = &slot.field;
        let [tangential, radial] = match build.conductor {
            Conductor::Hairpin => {
                let sum =
                    |zones: &[Vec<f64>], bar: f64| over_layers(zones, layers.count, slots * bar);
                [
                    sum(&field.tangential_t2, h.powi(3) * b / 12.0),
                    sum(&field.radial_t2, b.powi(3) * h / 12.0),
                ]
            }
            Conductor::Strands(d) => {
                // n π d⁴/64 with n = fill·A / (π d²/4), spread over the slot.
                let strands = slots * build.copper_fill * facts.slot_area_m2 * d * d / 16.0;
                [&field.tangential_t2, &field.radial_t2].map(|zones| over_slot(zones, strands))
            }
        };
        let tables = [&tangential[..], &radial];
        let tables = Bilinear::new(&slot.i_d_a, &slot.i_q_a, tables).map_err(|source| {
            DriveError::Table {
                section: facts.id.clone(),
                source,
            }
        })?;
        Ok(Self {
            tables,
            size_m: match build.conductor {
                Conductor::Hairpin => [h, b],
                Conductor::Strands(_) => [h; 2],
            },
            width_share: layers.width_share,
        })
    }

    /// What a frequency and a resistivity decide.
    #[must_use]
    pub fn factors(&self, electrical_rad_per_s: f64, rho_ohm_m: f64) -> ProximityFactors {
        let frequency_hz = electrical_rad_per_s / (2.0 * std::f64::consts::PI);
        let scale = electrical_rad_per_s * electrical_rad_per_s / rho_ohm_m;
        ProximityFactors(self.size_m.map(|size| {
            scale
                * reaction(reduced_height(
                    size,
                    frequency_hz,
                    rho_ohm_m,
                    self.width_share,
                ))
        }))
    }

    /// Adds the losses at all currents of the map, W per metre of stack, to a table of them.
    pub(crate) fn add_to(&self, sum: &mut [f64], factors: ProximityFactors) {
        self.tables.add_weighted(factors.0, sum);
    }

    /// Loss at a place of the section's [`LossTables`](crate::loss_tables::LossTables), whose currents
    /// are the same, W per metre of stack.
    #[must_use]
    pub fn at(&self, place: Place, factors: ProximityFactors) -> f64 {
        let [tangential, radial] = self.tables.at(place);
        factors.0[0] * tangential + factors.0[1] * radial
    }
}

/// The slot field of a map with its axes, checked.
#[derive(Clone, Debug)]
pub struct SlotFields {
    i_d_a: Vec<f64>,
    i_q_a: Vec<f64>,
    field: SlotField,
}

impl SlotFields {
    /// Takes the slot field out of a map.
    ///
    /// # Errors
    /// Tables that do not fit the axes, or mean squares below zero.
    pub fn new(map: &FluxMap) -> Result<Self, DriveError> {
        let field = &map.loss.slot_field;
        let points = map.i_d_a.len() * map.i_q_a.len();
        let sound = |table: &Vec<f64>| {
            table.len() == points && table.iter().all(|v| v.is_finite() && *v >= 0.0)
        };
        let (t, r) = (&field.tangential_t2, &field.radial_t2);
        if t.is_empty() || t.len() != r.len() || !t.iter().chain(r).all(sound) {
            return Err(DriveError::FluxMap {
                section: map.section.clone(),
                reason: "its slot field has no zones, tables of another size, or negative squares"
                    .to_owned(),
            });
        }
        Ok(Self {
            i_d_a: map.i_d_a.clone(),
            i_q_a: map.i_q_a.clone(),
            field: field.clone(),
        })
    }
}

/// Σ of `weight` · ⟨Ḃ²⟩/ω² at the middle of `count` layers, over all currents.
///
/// Between the middles of zones the root of the mean square is linear, as slot leakage is; beyond the
/// outer two it is held.
fn over_layers(zones: &[Vec<f64>], count: f64, weight: f64) -> Vec<f64> {
    let mut sum = vec![0.0; zones[0].len()];
    let mut layer = 0.5;
    while layer < count {
        #[allow(clippy::cast_precision_loss)]
        let at = (layer / count * zones.len() as f64 - 0.5).clamp(0.0, (zones.len() - 1) as f64);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let below = at as usize;
        let t = at.fract();
        let above = &zones[(below + 1).min(zones.len() - 1)];
        for (sum, (a, b)) in sum.iter_mut().zip(zones[below].iter().zip(above)) {
            let root = (1.0 - t) * a.sqrt() + t * b.sqrt();
            *sum += weight * root * root;
        }
        layer += 1.0;
    }
    sum
}

/// `weight` · ⟨Ḃ²⟩/ω², mean over the zones, over all currents.
fn over_slot(zones: &[Vec<f64>], weight: f64) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss)]
    let share = weight / zones.len() as f64;
    let points = 0..zones[0].len();
    points
        .map(|p| zones.iter().map(|zone| share * zone[p]).sum())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::winding::copper_resistivity_ohm_m;

    /// AC over DC resistance in the slot by Dowell: mean of all layers, and of the layer at the
    /// opening.
    ///
    /// ξ = h·sqrt(π f μ_0 σ b_c/b_s), φ = ξ (sinh 2ξ + sin 2ξ)/(cosh 2ξ − cos 2ξ),
    /// ψ = 2ξ (sinh ξ − sin ξ)/(cosh ξ + cos ξ); mean φ + (m² − 1) ψ/3, layer k from the bottom
    /// φ + k(k − 1) ψ. One-dimensional slot leakage only.
    ///
    /// Source: Dowell 1966, doi:10.1049/piee.1966.0236.
    fn dowell(layers: &Layers, frequency_hz: f64, rho_ohm_m: f64) -> (f64, f64) {
        let xi = reduced_height(layers.height_m, frequency_hz, rho_ohm_m, layers.width_share);
        layer_factors(xi, layers.count)
    }

    /// Mean and opening-layer factor over the reduced height ξ and the number of layers.
    fn layer_factors(xi: f64, m: f64) -> (f64, f64) {
        if xi < 1e-4 {
            return (1.0, 1.0);
        }
        let phi =
            xi * ((2.0 * xi).sinh() + (2.0 * xi).sin()) / ((2.0 * xi).cosh() - (2.0 * xi).cos());
        let psi = 2.0 * xi * (xi.sinh() - xi.sin()) / (xi.cosh() + xi.cos());
        (phi + (m * m - 1.0) * psi / 3.0, phi + m * (m - 1.0) * psi)
    }

    /// Published check values: mean and opening-layer factor at 1 kHz and 120 °C.
    #[test]
    fn dowell_reaches_the_check_values() {
        let rho = copper_resistivity_ohm_m(393.15);
        for (xi, count, mean, opening) in [
            (1.209, 4.0, 4.453, 9.04),
            (0.695, 6.0, 1.919, 3.33),
            (0.573, 8.0, 1.761, 3.01),
        ] {
            let (k, top) = layer_factors(xi, count);
            assert!((k / mean - 1.0).abs() < 0.005 && (top / opening - 1.0).abs() < 0.005);
        }
        let id3 = Layers {
            count: 6.0,
            height_m: 1.95e-3,
            width_share: 4.713 / 6.1,
        };
        for (frequency, mean, opening) in [
            (250.0, 1.058, 1.15),
            (500.0, 1.231, 1.59),
            (1000.0, 1.919, 3.33),
        ] {
            let (k, top) = dowell(&id3, frequency, rho);
            assert!(
                (k / mean - 1.0).abs() < 0.01 && (top / opening - 1.0).abs() < 0.01,
                "{k} {top}"
            );
        }
    }

    /// Own field and field from elsewhere are Dowell's two functions: φ = own + ψ/4, ψ = ξ⁴/3 · reaction.
    #[test]
    fn both_parts_make_dowells_formula() {
        for xi in [0.02_f64, 0.1, 0.7, 1.2, 2.5, 6.0] {
            // One layer has φ, two have φ + ψ.
            let (phi, _) = layer_factors(xi, 1.0);
            let psi = layer_factors(xi, 2.0).0 - phi;
            let elsewhere = xi.powi(4) / 3.0 * reaction(xi);
            assert!((elsewhere / psi - 1.0).abs() < 1e-4, "{xi}");
            assert!(
                ((own_field_factor(xi) + psi / 4.0) / phi - 1.0).abs() < 1e-6,
                "{xi}"
            );
        }
    }

    /// The leakage of a slot's own current, B_t = μ_0 i y/(h b_slot), gives Dowell's loss at any frequency.
    #[test]
    fn the_leakage_of_the_current_alone_gives_dowells_loss() {
        let mut facts = crate::fixture::facts();
        facts.slot_area_m2 = facts.slot_depth_m * facts.slot_width_m;
        let map = crate::fixture::saturating_map();
        let slot = SlotFields::new(&map).unwrap();
        let rho = copper_resistivity_ohm_m(393.15);
        for conductors in [2, 4, 6, 8] {
            let build = Build::hairpin();
            let layers = Layers::new(&facts, &build, conductors);
            let proximity = Proximity::new(&slot, &facts, &build, &layers).unwrap();
            for frequency_hz in [50.0, 300.0, 1000.0] {
                let omega = 2.0 * std::f64::consts::PI * frequency_hz;
                let knot = map.i_d_a[3];
                let place = proximity.tables.place(knot, 0.0);
                let elsewhere = proximity.at(place, proximity.factors(omega, rho));
                let copper = build.copper_fill * facts.slot_area_m2;
                let dc = f64::from(facts.slots) * 0.5 * knot * knot * rho / copper;
                let xi = reduced_height(layers.height_m, frequency_hz, rho, layers.width_share);
                let ours = own_field_factor(xi) + elsewhere / dc;
                let (theirs, _) = dowell(&layers, frequency_hz, rho);
                assert!(
                    ((ours - 1.0) / (theirs - 1.0) - 1.0).abs() < 1e-6,
                    "{conductors} {frequency_hz}: {ours} {theirs}"
                );
            }
        }
    }

    #[test]
    fn a_slot_field_of_another_size_is_refused() {
        let mut map = crate::fixture::saturating_map();
        map.loss.slot_field.radial_t2[0].pop();
        assert!(matches!(
            SlotFields::new(&map),
            Err(DriveError::FluxMap { .. })
        ));
    }
}
