//! The flux map of a section: all currents at all rotor positions.
//!
//! Sixteen quadrature currents are the lanes of a batch; a few neighbouring rotor positions are
//! marched in i_d from the most negative on ([`crate::march`]). These marches run in parallel, and each is a sequence
//! of its own, so that the result does not depend on the number of threads.

use std::f64::consts::{SQRT_2, TAU};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use codrive_model::flux_map::{
    BackEmf, FieldHealth, FieldPicture, FluxMap, LossMap, SectionResult, SlotField, Unconverged,
};
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;
use rayon::prelude::*;

use crate::error::FieldError;
use crate::far;
use crate::grid::CurrentGrid;
use crate::loss::{LossModel, Losses};
use crate::march::{Along, March};
use crate::measure::{Meter, Reading};
use crate::mesh::{Fineness, PoleMesh};
use crate::picture::Shown;
use crate::slot_zones::ZONES;
use crate::snapshot::{Camera, LossCells, Snapshot};
use crate::solve::batch::{Batch, Effort, Potential, Stop};
use crate::solve::equations::Equations;
use crate::solve::lanes::LANES;
use crate::solve::model::Model;
use crate::symmetry::Sixth;

/// What to solve for a section.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapPlan {
    /// Direct-axis currents, from the largest negative to 0.
    pub n_d: usize,
    /// Quadrature-axis currents, from 0 to the largest.
    pub n_q: usize,
    /// Rotor positions over 60 electrical degrees.
    pub positions: usize,
    /// Largest unit current (ampere-conductors per slot, peak); by the two bounds below if `None`.
    pub largest_current_a: Option<f64>,
    /// Current density in copper that bounds the largest current, A/m² rms.
    pub current_density_a_per_m2: f64,
    /// Electric loading at the bore that bounds the largest current, A/m rms.
    pub electric_loading_a_per_m: f64,
    /// Electrical frequency of the loss tables, Hz.
    pub base_frequency_hz: f64,
    /// Order of the elements, 1 or 2.
    pub order: usize,
    /// Mesh.
    pub fineness: Fineness,
    /// The map goes on beyond the largest current, also to positive i_d, until every current turned by
    /// up to this electrical angle lies in it, rad; what [`crate::skew`] asks for.
    pub turn_el_rad: f64,
    /// Whether the currents of a short circuit are solved too, on a coarse grid ([`FluxMap::far`]), turned by as
    /// much as those of the map.
    pub short_circuit: bool,
}

/// Most that the currents are turned: packs then span half a pole.
const MOST_TURN_EL_RAD: f64 = std::f64::consts::FRAC_PI_4 + 1e-9;

impl Default for MapPlan {
    fn default() -> Self {
        Self {
            n_d: 16,
            n_q: 16,
            positions: 12,
            largest_current_a: None,
            current_density_a_per_m2: 28e6,
            electric_loading_a_per_m: 150e3,
            base_frequency_hz: 400.0,
            order: 2,
            fineness: Fineness::second_order(12),
            turn_el_rad: 0.0,
            short_circuit: false,
        }
    }
}

impl MapPlan {
    /// Largest unit current of the map, A peak: as asked for, or the smaller of both bounds.
    #[must_use]
    pub fn largest_current(&self, section: &Section, slot_area_m2: f64) -> f64 {
        self.largest_current_a.unwrap_or_else(|| {
            let copper = section.winding.copper_fill * slot_area_m2;
            let slot_pitch =
                std::f64::consts::PI * section.stator.bore_diameter_m / f64::from(section.slots);
            SQRT_2
                * (self.current_density_a_per_m2 * copper)
                    .min(self.electric_loading_a_per_m * slot_pitch)
        })
    }

    fn check(&self) -> Result<(), FieldError> {
        let error = |reason: &str| {
            Err(FieldError::Plan {
                reason: reason.to_owned(),
            })
        };
        if self.n_d < 2 || self.n_q < 2 || self.n_d > 200 || self.n_q > 200 {
            return error("each axis needs 2 to 200 currents");
        }
        if !(2..=48).contains(&self.positions) || !self.positions.is_multiple_of(2) {
            return error("the positions over 60° are an even number from 2 to 48");
        }
        if !(1..=2).contains(&self.order) {
            return error("elements are of order 1 or 2");
        }
        let positive = |v: f64| v.is_finite() && v > 0.0;
        if !positive(self.current_density_a_per_m2)
            || !positive(self.electric_loading_a_per_m)
            || !positive(self.base_frequency_hz)
        {
            return error(
                "current density, electric loading and base frequency must be above zero",
            );
        }
        if self.largest_current_a.is_some_and(|i| !positive(i)) {
            return error("the largest current must be above zero");
        }
        if !(0.0..=MOST_TURN_EL_RAD).contains(&self.turn_el_rad) {
            return error("the currents are turned by 0 to 45 electrical degrees");
        }
        Ok(())
    }
}

/// Solves a section: drawing, facts, flux and loss maps, rotor strength. `progress` gets points done and in all.
///
/// # Errors
/// As [`solve_map`], or a rotor that nothing holds.
pub fn solve_section(
    section: &Section,
    steel: &Steel,
    magnet: &MagnetGrade,
    plan: &MapPlan,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<SectionResult, FieldError> {
    section.check()?;
    let (map, strength) = rayon::join(
        || solve_map(section, steel, magnet, plan, progress),
        || crate::strength::of_section(section, steel, magnet),
    );
    let ((flux_map, picture), strength) = (map?, strength?);
    Ok(SectionResult {
        facts: crate::facts::of_section(section, steel, &strength)?,
        drawing: crate::facts::drawing(section)?,
        flux_map,
        picture,
        stress: strength.picture,
    })
}

/// The flux and loss maps of a section, and |B| at its best torque.
///
/// # Errors
/// The section cannot be drawn or meshed, the steel has no usable curve, or the plan makes no sense.
/// Points that do not converge are counted in the map's health, not an error.
pub fn solve_map(
    section: &Section,
    steel: &Steel,
    magnet: &MagnetGrade,
    plan: &MapPlan,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(FluxMap, FieldPicture), FieldError> {
    section.check()?;
    plan.check()?;
    let fineness = Fineness {
        positions: plan.positions,
        ..plan.fineness
    };
    let mesh = PoleMesh::new(section, fineness)?;
    if plan.order == 1 {
        let model = Model::<3, 1>::new(section, steel, magnet, mesh)?;
        solve_model(section, steel, magnet, plan, &model, progress)
    } else {
        let model = Model::<6, 3>::new(section, steel, magnet, mesh)?;
        solve_model(section, steel, magnet, plan, &model, progress)
    }
}

/// What one rotor position gives at one i_d, a lane for each i_q.
struct Row {
    readings: Vec<Reading>,
    efforts: Vec<Effort>,
    /// Residuals of lanes that did not converge.
    failures: Vec<(usize, Vec<f64>)>,
    snapshot: Snapshot,
    /// The field, at the first position.
    field: Option<Potential>,
}

/// Neighbouring positions that are marched one after the other, each from the first solution of the one
/// before; more would save Newton steps and cost parallelism.
pub const POSITIONS_TOGETHER: usize = 3;
/// Memory for the snapshots that wait for the other positions, bytes.
const SNAPSHOT_BYTES: usize = 96 << 20;

fn solve_model<const N: usize, const Q: usize>(
    section: &Section,
    steel: &Steel,
    magnet: &MagnetGrade,
    plan: &MapPlan,
    model: &Model<N, Q>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(FluxMap, FieldPicture), FieldError> {
    let stride = model.mesh.steps_per_pole() / (3 * plan.positions);
    let equations = Equations::new(model);
    let largest = plan.largest_current(section, model.slot_area_m2);
    let CurrentGrid {
        i_d_a: i_d,
        i_q_a: i_q,
    } = CurrentGrid::new([plan.n_d, plan.n_q], largest, plan.turn_el_rad);
    let loss_model = LossModel::new(
        LossCells::new(model),
        plan.positions,
        Sixth::new(section, model.mesh.sector),
        model.sectors(),
        plan.base_frequency_hz,
        steel,
        section.stacking_factor,
        magnet,
    )?;
    let meter = Meter::new(&equations);
    let camera = Camera::new(&equations, &loss_model.cells);
    let (done, total) = (AtomicUsize::new(0), i_d.len() * i_q.len() * plan.positions);
    let mut gathered = Gathered::new(section, model, plan, i_d.clone(), i_q.clone());
    let mut shown = Shown::new(&equations, largest);
    let batches: Mutex<Vec<Batch<N, Q>>> = Mutex::new(Vec::new());
    let steps: Vec<usize> = (0..plan.positions).map(|k| k * stride).collect();
    for (group, lanes) in i_q.chunks(LANES).enumerate() {
        let mut marches: Vec<March> = steps
            .chunks(POSITIONS_TOGETHER)
            .map(|steps| March::new(Along::Direct, steps, lanes))
            .collect();
        let at_once = (SNAPSHOT_BYTES / (camera.bytes() * plan.positions).max(1)).max(1);
        for (block, i_d) in i_d.chunks(at_once).enumerate() {
            let solved: Vec<Vec<Row>> = marches
                .par_iter_mut()
                .enumerate()
                .flat_map_iter(|(part, march)| {
                    let mut batch =
                        take(&batches).unwrap_or_else(|| Batch::new(&equations, Stop::default()));
                    let mut rows: Vec<Vec<Row>> = Vec::new();
                    march.solve(&mut batch, i_d, |position, _, batch, efforts| {
                        rows.resize_with(position + 1, Vec::new);
                        rows[position].push(Row {
                            readings: meter.read(batch, efforts.len()),
                            snapshot: camera.take(batch),
                            efforts: efforts.to_vec(),
                            failures: failures(batch, efforts),
                            field: (part + position == 0).then(|| batch.potential.clone()),
                        });
                        let n = efforts.len();
                        progress(done.fetch_add(n, Ordering::Relaxed) + n, total);
                    });
                    give_back(&batches, batch);
                    rows
                })
                .collect();
            gathered.add(block * at_once, group * LANES, &solved, &loss_model);
            for (d, row) in (block * at_once..).zip(&solved[0]) {
                if let Some(field) = &row.field {
                    let at = [d, group * LANES];
                    shown.look(&equations, &gathered.map, at, field, lanes.len());
                }
            }
        }
    }
    drop(batches);
    let mut flux_map = gathered.finish();
    if plan.short_circuit {
        let (counts, turn) = ([plan.n_d, plan.n_q], plan.turn_el_rad);
        flux_map.far = far::solve(&equations, &meter, &camera, &flux_map, counts, turn);
    }
    Ok((flux_map, shown.picture(model)))
}

fn failures<const N: usize, const Q: usize>(
    batch: &Batch<N, Q>,
    efforts: &[Effort],
) -> Vec<(usize, Vec<f64>)> {
    let failed = efforts.iter().enumerate().filter(|(_, e)| !e.converged);
    failed
        .map(|(lane, _)| (lane, batch.residuals(lane)))
        .collect()
}

fn take<T>(pool: &Mutex<Vec<T>>) -> Option<T> {
    pool.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn give_back<T>(pool: &Mutex<Vec<T>>, item: T) {
    pool.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(item);
}

/// The map while it fills.
struct Gathered {
    i_d: Vec<f64>,
    i_q: Vec<f64>,
    pole_pairs: f64,
    map: FluxMap,
}

impl Gathered {
    fn new<const N: usize, const Q: usize>(
        section: &Section,
        model: &Model<N, Q>,
        plan: &MapPlan,
        i_d: Vec<f64>,
        i_q: Vec<f64>,
    ) -> Self {
        let zeros = || vec![0.0; i_d.len() * i_q.len()];
        let loss = LossMap {
            base_frequency_hz: plan.base_frequency_hz,
            hysteresis_exponent: 0.0,
            stator_hysteresis_w_per_m: zeros(),
            stator_eddy_w_per_m: zeros(),
            rotor_hysteresis_w_per_m: zeros(),
            rotor_eddy_w_per_m: zeros(),
            stator_excess_w_per_m: zeros(),
            rotor_excess_w_per_m: zeros(),
            magnet_eddy_w_per_m: zeros(),
            slot_field: SlotField {
                tangential_t2: vec![zeros(); ZONES],
                radial_t2: vec![zeros(); ZONES],
            },
        };
        let health = FieldHealth {
            unknowns: model.unknowns(),
            triangles: model.mesh.triangles(),
            smallest_angle_deg: model.mesh.smallest_angle_deg(),
            positions: plan.positions,
            ..FieldHealth::default()
        };
        let map = FluxMap {
            section: section.id.clone(),
            pole_pairs: section.pole_pairs,
            slots: section.slots,
            i_f_a: vec![0.0],
            i_d_a: i_d.clone(),
            i_q_a: i_q.clone(),
            psi_d_vs_per_m: zeros(),
            psi_q_vs_per_m: zeros(),
            torque_nm_per_m: zeros(),
            torque_ripple_nm_per_m: zeros(),
            magnet_flux_density_min_t: if model.mesh.magnets_rad.is_empty() {
                vec![]
            } else {
                zeros()
            },
            loss,
            back_emf: BackEmf {
                order: vec![],
                amplitude_vs_per_m: vec![],
                cogging_nm_per_m: 0.0,
            },
            health,
            far: None,
        };
        Self {
            pole_pairs: f64::from(section.pole_pairs),
            i_d,
            i_q,
            map,
        }
    }

    /// Adds rows from i_d and lane `first_d`, `first_q` on; `solved` is by position, then by i_d.
    fn add(&mut self, first_d: usize, first_q: usize, solved: &[Vec<Row>], losses: &LossModel) {
        let n_q = self.i_q.len();
        let lanes = solved[0][0].readings.len();
        let rows = solved[0].len();
        let evaluated: Vec<[Losses; LANES]> = (0..rows)
            .into_par_iter()
            .map(|row| {
                let shots: Vec<&Snapshot> = solved.iter().map(|p| &p[row].snapshot).collect();
                losses.evaluate(&shots)
            })
            .collect();
        for at in 0..rows * lanes {
            let (row, lane) = (at / lanes, at % lanes);
            let (d, q) = (first_d + row, first_q + lane);
            let readings: Vec<Reading> = solved.iter().map(|p| p[row].readings[lane]).collect();
            self.add_readings(d * n_q + q, &readings);
            self.add_losses(d * n_q + q, evaluated[row][lane]);
            if let Some(lowest) = self.map.magnet_flux_density_min_t.get_mut(d * n_q + q) {
                *lowest = solved
                    .iter()
                    .map(|p| p[row].snapshot.lowest_magnet_b.0[lane])
                    .fold(f64::INFINITY, f64::min);
            }
            for (k, position) in solved.iter().enumerate() {
                let row = &position[row];
                self.add_effort(row.efforts[lane]);
                for (_, residuals) in row.failures.iter().filter(|(l, _)| *l == lane) {
                    #[allow(clippy::cast_precision_loss)]
                    let angle_el_deg = 60.0 * k as f64 / solved.len() as f64;
                    self.map.health.unconverged.push(Unconverged {
                        i_d_a: self.i_d[d],
                        i_q_a: self.i_q[q],
                        angle_el_deg,
                        residuals: residuals.clone(),
                    });
                }
            }
            if q == 0 && self.i_d.iter().position(|i| *i >= 0.0) == Some(d) {
                self.map.back_emf = back_emf(&readings);
            }
        }
        self.map.loss.hysteresis_exponent = losses.law.hysteresis.exponent;
    }

    fn add_readings(&mut self, at: usize, readings: &[Reading]) {
        #[allow(clippy::cast_precision_loss)]
        let mean =
            |f: fn(&Reading) -> f64| readings.iter().map(f).sum::<f64>() / readings.len() as f64;
        let torques = || readings.iter().map(|r| r.torque);
        self.map.psi_d_vs_per_m[at] = mean(|r| r.psi_d);
        self.map.psi_q_vs_per_m[at] = mean(|r| r.psi_q);
        self.map.torque_nm_per_m[at] = mean(|r| r.torque);
        self.map.torque_ripple_nm_per_m[at] =
            torques().fold(f64::MIN, f64::max) - torques().fold(f64::MAX, f64::min);
    }

    fn add_losses(&mut self, at: usize, loss: Losses) {
        let map = &mut self.map.loss;
        map.stator_hysteresis_w_per_m[at] = loss.stator_hysteresis;
        map.stator_eddy_w_per_m[at] = loss.stator_eddy;
        map.rotor_hysteresis_w_per_m[at] = loss.rotor_hysteresis;
        map.rotor_eddy_w_per_m[at] = loss.rotor_eddy;
        map.stator_excess_w_per_m[at] = loss.stator_excess;
        map.rotor_excess_w_per_m[at] = loss.rotor_excess;
        map.magnet_eddy_w_per_m[at] = loss.magnet_eddy;
        let SlotField {
            tangential_t2,
            radial_t2,
        } = &mut map.slot_field;
        let zones = tangential_t2.iter_mut().zip(radial_t2);
        for ((tangential, radial), [t, r]) in zones.zip(loss.slot_field) {
            tangential[at] = t;
            radial[at] = r;
        }
    }

    fn add_effort(&mut self, effort: Effort) {
        let health = &mut self.map.health;
        health.operating_points += 1;
        health.newton_iterations += effort.iterations;
        health.worst_residual = health.worst_residual.max(effort.residual);
    }

    fn finish(mut self) -> FluxMap {
        let map = &mut self.map;
        let largest = map
            .torque_nm_per_m
            .iter()
            .fold(0.0_f64, |m, t| m.max(t.abs()));
        let mut worst = 0.0_f64;
        for (d, i_d) in self.i_d.iter().enumerate() {
            for (q, i_q) in self.i_q.iter().enumerate() {
                let at = d * self.i_q.len() + q;
                let dq = 1.5
                    * self.pole_pairs
                    * (map.psi_d_vs_per_m[at] * i_q - map.psi_q_vs_per_m[at] * i_d);
                worst = worst.max((map.torque_nm_per_m[at] - dq).abs());
            }
        }
        map.health.arkkio_dq_deviation = if largest > 0.0 { worst / largest } else { 0.0 };
        self.map
    }
}

/// Harmonics of the phase flux linkage at no load, times order, and the cogging torque.
///
/// ψ_d, ψ_q repeat after 60 electrical degrees, ψ_0 changes sign; together they give the phase
/// over a whole period.
fn back_emf(readings: &[Reading]) -> BackEmf {
    let n = readings.len();
    let samples: Vec<f64> = (0..6 * n)
        .map(|m| {
            let r = &readings[m % n];
            #[allow(clippy::cast_precision_loss)]
            let e = TAU * m as f64 / (6 * n) as f64;
            let zero = if (m / n).is_multiple_of(2) {
                r.psi_0
            } else {
                -r.psi_0
            };
            r.psi_d * e.cos() - r.psi_q * e.sin() + zero
        })
        .collect();
    let order: Vec<u32> = (1..)
        .step_by(2)
        .take_while(|k| (*k as usize) < 2 * n)
        .collect();
    let amplitude = |k: u32| {
        let (mut c, mut s) = (0.0, 0.0);
        for (m, value) in samples.iter().enumerate() {
            #[allow(clippy::cast_precision_loss)]
            let (sin, cos) = (TAU * f64::from(k) * m as f64 / samples.len() as f64).sin_cos();
            c += value * cos;
            s += value * sin;
        }
        #[allow(clippy::cast_precision_loss)]
        let scale = 2.0 / samples.len() as f64;
        f64::from(k) * scale * c.hypot(s)
    };
    let torques = || readings.iter().map(|r| r.torque);
    BackEmf {
        amplitude_vs_per_m: order.iter().map(|k| amplitude(*k)).collect(),
        order,
        cogging_nm_per_m: torques().fold(f64::MIN, f64::max) - torques().fold(f64::MAX, f64::min),
    }
}
