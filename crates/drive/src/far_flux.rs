//! Flux linkages beyond the map's largest negative i_d, as far as a short circuit drives the currents.
//!
//! They come from a coarse grid of few rotor positions. What it misses is known along the edge of the
//! map, where both are: with the edge at i_d = e,
//!
//! ψ(i_d, i_q) = ψ_far(i_d, i_q) + ψ_map(e, i_q) − ψ_far(e, i_q),
//!
//! so that the flux linkages go on where the map ends.

use codrive_model::flux_map::FluxMap;
use codrive_numerics::bicubic::{Bicubic, Sample, Symmetry};

use crate::error::DriveError;
use crate::flux::{UnitFlux, UnitPoint, odd_in_i_q};

/// The flux linkages of the far grid of a map.
#[derive(Clone, Debug)]
pub struct FarFlux {
    grid: Bicubic<2>,
}

impl FarFlux {
    /// Reads the far grid of a map; `None` where it has none.
    ///
    /// # Errors
    /// Tables that make no grid, or a grid that does not go on from within the map.
    pub fn new(map: &FluxMap) -> Result<Option<Self>, DriveError> {
        let Some(far) = &map.far else {
            return Ok(None);
        };
        check(map)?;
        let table = |source| DriveError::Table {
            section: map.section.clone(),
            source,
        };
        let psi_q = odd_in_i_q(&far.psi_q_vs_per_m, far.i_q_a.len());
        let psi = [
            (far.psi_d_vs_per_m.as_slice(), Symmetry::Even),
            (psi_q.as_slice(), Symmetry::Odd),
        ];
        let grid = Bicubic::new(&far.i_d_a, &far.i_q_a, psi).map_err(table)?;
        Ok(Some(Self { grid }))
    }
}

fn check(map: &FluxMap) -> Result<(), DriveError> {
    let Some(far) = &map.far else { return Ok(()) };
    let wrong = |reason: &str| DriveError::FluxMap {
        section: map.section.clone(),
        reason: format!("its far grid {reason}"),
    };
    if !(far.i_d_a.first() < map.i_d_a.first() && far.i_d_a.last() >= map.i_d_a.first()) {
        return Err(wrong("does not go on from the map's largest negative i_d"));
    }
    if far.i_q_a.first() != Some(&0.0) || far.i_q_a.last() != map.i_q_a.last() {
        return Err(wrong("has other quadrature currents than the map"));
    }
    Ok(())
}

/// The flux linkages of a section with those of its far grid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WideFlux<'a> {
    pub(crate) map: &'a UnitFlux,
    pub(crate) far: Option<&'a FarFlux>,
}

impl WideFlux<'_> {
    /// Most negative direct-axis current, A.
    pub(crate) fn i_d_min_a(&self) -> f64 {
        self.far
            .map_or(self.map.i_d_min_a(), |far| far.grid.x().first())
    }

    /// Largest quadrature-axis current, A.
    pub(crate) fn i_q_max_a(&self) -> f64 {
        self.map.i_q_max_a()
    }

    /// Whether unit currents are covered, i_q of either sign.
    pub(crate) fn contains(&self, i_d_a: f64, i_q_a: f64) -> bool {
        (self.i_d_min_a()..=0.0).contains(&i_d_a) && i_q_a.abs() <= self.i_q_max_a()
    }

    /// As [`UnitFlux::at`].
    pub(crate) fn at(&self, i_d_a: f64, i_q_a: f64) -> UnitPoint {
        match self.beyond(i_d_a) {
            None => self.map.at(i_d_a, i_q_a),
            Some(far) => self.in_far(far, i_d_a, i_q_a).0,
        }
    }

    /// As [`UnitFlux::with_inductances`].
    pub(crate) fn with_inductances(&self, i_d_a: f64, i_q_a: f64) -> (UnitPoint, [[f64; 2]; 2]) {
        match self.beyond(i_d_a) {
            None => self.map.with_inductances(i_d_a, i_q_a),
            Some(far) => self.in_far(far, i_d_a, i_q_a),
        }
    }

    fn beyond(&self, i_d_a: f64) -> Option<&FarFlux> {
        self.far.filter(|_| i_d_a < self.map.i_d_min_a())
    }

    fn in_far(&self, far: &FarFlux, i_d_a: f64, i_q_a: f64) -> (UnitPoint, [[f64; 2]; 2]) {
        let (edge, i_q) = (self.map.i_d_min_a(), i_q_a.abs());
        let (here, at_edge) = (far.grid.sample(i_d_a, i_q), far.grid.sample(edge, i_q));
        let known = self.map.samples(edge, i_q);
        let samples = [0, 1].map(|k| Sample {
            value: here[k].value + known[k].value - at_edge[k].value,
            dx: here[k].dx,
            dy: here[k].dy + known[k].dy - at_edge[k].dy,
        });
        self.map.signed(i_d_a, i_q_a, samples)
    }
}
