//! The far grid of a skewed rotor: the mean of its packs, each of which sees turned currents ([`crate::skew`]).

use codrive_model::flux_map::FarFlux;
use codrive_numerics::bicubic::Symmetry;

use crate::error::FieldError;
use crate::far::{ROWS, WITHIN, even};
use crate::skew::Straight;

/// The far grid of packs turned by electrical angles, from that of a straight rotor, beyond the largest currents
/// of a map along both axes; `None` where it does not reach beyond them.
///
/// # Errors
/// Tables that make no grid, or currents which turned leave it.
pub(crate) fn skewed(
    far: &FarFlux,
    turns: &[f64],
    [largest_d, largest_q]: [f64; 2],
) -> Result<Option<FarFlux>, FieldError> {
    let reach = reach_a(far, turns, largest_q);
    if reach <= largest_d {
        return Ok(None);
    }
    let i_d_a = even(-reach, -WITHIN * largest_d, far.i_d_a.len());
    let i_q_a = even(0.0, largest_q, ROWS);
    let packs = Packs::new(far, turns)?;
    let mut skewed = FarFlux {
        psi_d_vs_per_m: vec![],
        psi_q_vs_per_m: vec![],
        magnet_flux_density_min_t: vec![],
        positions: far.positions,
        i_d_a,
        i_q_a,
    };
    for i_d in &skewed.i_d_a {
        for i_q in &skewed.i_q_a {
            let [psi_d, psi_q, lowest_t] = packs.at([*i_d, *i_q])?;
            skewed.psi_d_vs_per_m.push(psi_d);
            skewed.psi_q_vs_per_m.push(psi_q);
            skewed.magnet_flux_density_min_t.push(lowest_t);
        }
    }
    if far.magnet_flux_density_min_t.is_empty() {
        skewed.magnet_flux_density_min_t.clear();
    }
    Ok(Some(skewed))
}

/// How far the negative d axis can be followed at quadrature currents up to the largest, A: the inverse of how far
/// the straight rotor's grid goes.
fn reach_a(far: &FarFlux, turns: &[f64], largest_q: f64) -> f64 {
    let extreme = turns
        .iter()
        .fold(0.0_f64, |most, turn| most.max(turn.abs()));
    let (sin, cos) = extreme.sin_cos();
    let (along_d, along_q) = (-far.i_d_a[0], far.i_q_a[far.i_q_a.len() - 1]);
    let at_extreme = (along_d - largest_q * sin) / cos;
    let within_d = if largest_q.atan2(at_extreme) >= extreme {
        at_extreme
    } else {
        (along_d * along_d - largest_q * largest_q).max(0.0).sqrt()
    };
    let within_q = (along_q - largest_q * cos) / sin;
    if sin > 0.0 {
        within_d.min(within_q)
    } else {
        within_d
    }
}

/// The packs of a rotor.
struct Packs<'a> {
    straight: Straight<3>,
    turns: &'a [f64],
}

impl<'a> Packs<'a> {
    fn new(far: &FarFlux, turns: &'a [f64]) -> Result<Self, FieldError> {
        let none = vec![0.0; far.psi_d_vs_per_m.len()];
        let magnets = &far.magnet_flux_density_min_t;
        let lowest_t = if magnets.is_empty() { &none } else { magnets };
        let tables = [
            (&far.psi_d_vs_per_m[..], Symmetry::Even),
            (&far.psi_q_vs_per_m[..], Symmetry::Odd),
            (&lowest_t[..], Symmetry::Even),
        ];
        let straight = Straight::of_tables([&far.i_d_a, &far.i_q_a], tables)?;
        Ok(Self { straight, turns })
    }

    /// Mean flux linkages, V·s per metre, and the lowest flux density of the worst pack, T.
    fn at(&self, current: [f64; 2]) -> Result<[f64; 3], FieldError> {
        #[allow(clippy::cast_precision_loss)]
        let share = 1.0 / self.turns.len() as f64;
        let mut mean = [0.0, 0.0, f64::INFINITY];
        for turn in self.turns {
            let ([psi_d, psi_q, lowest_t], _) = self.straight.pack(*turn, current)?;
            mean[0] += share * psi_d;
            mean[1] += share * psi_q;
            mean[2] = mean[2].min(lowest_t);
        }
        Ok(mean)
    }
}
