//! Skew: a rotor built of packs that are turned against each other.
//!
//! A pack turned by θ sees the currents turned back by ε = pθ. With the map ψ(i) of the straight
//! machine, i and ψ as complex numbers d + jq, and the mean over the packs,
//!
//! ψ_skew(i) = mean ψ(i e^(−jε)) e^(jε),    T_skew(i) = mean T(i e^(−jε)).
//!
//! No flux passes from pack to pack. A map that is the gradient of a co-energy stays one, so that
//! ∂ψ_d/∂i_q = ∂ψ_q/∂i_d holds as before.

use codrive_model::flux_map::{BackEmf, FluxMap};
use codrive_numerics::bicubic::{Bicubic, Symmetry};

use crate::error::FieldError;
use crate::skew_far;
use crate::slot_zones::ZONES;

/// Flux linkages, torque, ripple, magnets' flux density, seven losses and the slots' field.
const TABLES: usize = 12 + 2 * ZONES;
/// Rounding of currents at the edge of the map, relative to the largest.
const EDGE: f64 = 1e-9;

/// The map of a machine whose packs are turned by `packs_rad` (mechanical), of equal length.
///
/// The grid keeps the currents with −`largest_a` ≤ i_d ≤ 0 and i_q ≤ `largest_a` (unit winding, A
/// peak). `map` must reach beyond it, to positive i_d too: see
/// [`MapPlan::turn_el_rad`](crate::map::MapPlan::turn_el_rad). Torque ripple and cogging stay those of a
/// straight rotor, which the skewed ones cannot exceed. Losses are the mean over the packs, the flux
/// density in the magnets is that of the worst pack. The far grid is turned likewise, as far as that of `map` holds
/// its turned currents.
///
/// # Errors
/// No pack, a map that makes no table, or currents which turned leave the map: nothing is extrapolated.
pub fn skewed(map: &FluxMap, packs_rad: &[f64], largest_a: f64) -> Result<FluxMap, FieldError> {
    if packs_rad.is_empty() || !packs_rad.iter().all(|angle| angle.is_finite()) {
        return Err(fault("at least one pack with a finite angle is needed"));
    }
    let straight = Straight::new(map)?;
    let turns: Vec<f64> = packs_rad
        .iter()
        .map(|angle| f64::from(map.pole_pairs) * angle)
        .collect();
    let edge = EDGE * largest_a.abs();
    let kept = |axis: &[f64], from: f64, to: f64| -> Vec<f64> {
        let inside = |i: &f64| (from - edge..=to + edge).contains(i);
        axis.iter().copied().filter(inside).collect()
    };
    let i_d_a = kept(&map.i_d_a, -largest_a, 0.0);
    let i_q_a = kept(&map.i_q_a, 0.0, largest_a);
    let mut tables: [Vec<f64>; TABLES] = Default::default();
    for i_d in &i_d_a {
        for i_q in &i_q_a {
            let mean = straight.mean(&turns, [*i_d, *i_q])?;
            for (table, value) in tables.iter_mut().zip(mean) {
                table.push(value);
            }
        }
    }
    let far = match (&map.far, i_d_a.first(), i_q_a.last()) {
        (Some(far), Some(i_d), Some(i_q)) => skew_far::skewed(far, &turns, [-i_d, *i_q])?,
        _ => None,
    };
    let mut skewed = FluxMap {
        i_d_a,
        i_q_a,
        back_emf: back_emf(&map.back_emf, &turns),
        far,
        ..map.clone()
    };
    let without_magnets = map.magnet_flux_density_min_t.is_empty();
    for (slot, table) in tables_of(&mut skewed)?.into_iter().zip(tables) {
        *slot = table;
    }
    if without_magnets {
        skewed.magnet_flux_density_min_t.clear();
    }
    Ok(skewed)
}

/// All tables of a map.
fn tables_of(map: &mut FluxMap) -> Result<[&mut Vec<f64>; TABLES], FieldError> {
    let loss = &mut map.loss;
    let zones = &mut loss.slot_field;
    let mut tables = vec![
        &mut map.psi_d_vs_per_m,
        &mut map.psi_q_vs_per_m,
        &mut map.torque_nm_per_m,
        &mut map.torque_ripple_nm_per_m,
        &mut map.magnet_flux_density_min_t,
        &mut loss.stator_hysteresis_w_per_m,
        &mut loss.stator_eddy_w_per_m,
        &mut loss.rotor_hysteresis_w_per_m,
        &mut loss.rotor_eddy_w_per_m,
        &mut loss.stator_excess_w_per_m,
        &mut loss.rotor_excess_w_per_m,
        &mut loss.magnet_eddy_w_per_m,
    ];
    tables.extend(&mut zones.tangential_t2);
    tables.extend(&mut zones.radial_t2);
    tables
        .try_into()
        .map_err(|_| fault(&format!("its slots do not have {ZONES} zones")))
}

/// Tables of one pack, in its own axes; the first two are its flux linkages.
pub(crate) struct Straight<const N: usize> {
    tables: Bicubic<N>,
}

impl Straight<TABLES> {
    fn new(map: &FluxMap) -> Result<Self, FieldError> {
        if map.i_f_a.len() != 1 {
            return Err(fault("maps with a field winding are not skewed yet"));
        }
        let mut map = map.clone();
        if map.magnet_flux_density_min_t.is_empty() {
            map.magnet_flux_density_min_t = vec![0.0; map.psi_d_vs_per_m.len()];
        }
        let axes = [map.i_d_a.clone(), map.i_q_a.clone()];
        let mut tables = tables_of(&mut map)?.map(|table| (&table[..], Symmetry::Even));
        // Mirroring the pole at the d axis reverses i_q, ψ_q and the torque.
        tables[1].1 = Symmetry::Odd;
        tables[2].1 = Symmetry::Odd;
        Self::of_tables([&axes[0], &axes[1]], tables)
    }

    /// Mean over packs turned by electrical angles.
    fn mean(&self, turns: &[f64], current: [f64; 2]) -> Result<[f64; TABLES], FieldError> {
        let mut mean = [0.0; TABLES];
        mean[4] = f64::INFINITY;
        #[allow(clippy::cast_precision_loss)]
        let share = 1.0 / turns.len() as f64;
        for turn in turns {
            let (mut pack, sign) = self.pack(*turn, current)?;
            pack[2] *= sign;
            for (k, (mean, pack)) in mean.iter_mut().zip(pack).enumerate() {
                match k {
                    4 => *mean = mean.min(pack),
                    // Losses and mean squares, which a cubic may carry below zero.
                    5.. => *mean += share * pack.max(0.0),
                    _ => *mean += share * pack,
                }
            }
        }
        Ok(mean)
    }
}

impl<const N: usize> Straight<N> {
    /// Tables over direct-axis and quadrature-axis currents.
    pub(crate) fn of_tables(
        [i_d_a, i_q_a]: [&[f64]; 2],
        tables: [(&[f64], Symmetry); N],
    ) -> Result<Self, FieldError> {
        let tables = Bicubic::new(i_d_a, i_q_a, tables)
            .map_err(|error| fault(&format!("its tables make no grid: {error}")))?;
        Ok(Self { tables })
    }

    /// What a pack turned by an electrical angle gives at a current, its flux linkages turned back, and the sign
    /// of the quadrature current that it sees.
    pub(crate) fn pack(
        &self,
        turn: f64,
        [i_d, i_q]: [f64; 2],
    ) -> Result<([f64; N], f64), FieldError> {
        let (sin, cos) = turn.sin_cos();
        let (d, q) = (i_d * cos + i_q * sin, i_q * cos - i_d * sin);
        let within = |axis: &[f64], i: f64| {
            let (first, last) = (axis[0], axis[axis.len() - 1]);
            let edge = EDGE * first.abs().max(last.abs());
            (first - edge <= i && i <= last + edge).then(|| i.clamp(first, last))
        };
        let (x, y) = (self.tables.x().knots(), self.tables.y().knots());
        let (Some(x), Some(y)) = (within(x, d), within(y, q.abs())) else {
            return Err(fault(&format!(
                "i_d = {i_d:.1} A, i_q = {i_q:.1} A (unit winding) turned by {:.2} electrical \
                 degrees become {d:.1} A, {q:.1} A, which the map does not hold; solve a map that \
                 reaches farther, or keep smaller currents",
                turn.to_degrees()
            )));
        };
        let mut values = self.tables.sample(x, y).map(|sample| sample.value);
        let sign = if q < 0.0 { -1.0 } else { 1.0 };
        let (psi_d, psi_q) = (values[0], sign * values[1]);
        values[0] = psi_d * cos - psi_q * sin;
        values[1] = psi_d * sin + psi_q * cos;
        Ok((values, sign))
    }
}

/// Each harmonic times the mean of its turned phasors.
fn back_emf(straight: &BackEmf, turns: &[f64]) -> BackEmf {
    let factor = |order: u32| {
        let (mut x, mut y) = (0.0, 0.0);
        for turn in turns {
            let (sin, cos) = (f64::from(order) * turn).sin_cos();
            x += cos;
            y += sin;
        }
        #[allow(clippy::cast_precision_loss)]
        let packs = turns.len() as f64;
        f64::hypot(x, y) / packs
    };
    let amplitudes = straight.order.iter().zip(&straight.amplitude_vs_per_m);
    BackEmf {
        amplitude_vs_per_m: amplitudes.map(|(k, a)| factor(*k) * a).collect(),
        ..straight.clone()
    }
}

fn fault(reason: &str) -> FieldError {
    FieldError::Skew {
        reason: reason.to_owned(),
    }
}
