//! Machine and inverter at one DC voltage: envelopes and losses on the motor shaft.

use codrive_model::inverter::Inverter;
use codrive_model::operating_map::{LossSplit, OperatingMap};
use codrive_model::unit::{MachineVariant, Ratings, UnitMass, UnitVolume};
use codrive_model::unit_heat::UnitHeat;

use crate::axes::Grid;
use crate::conditions::{Conditions, Strategy};
use crate::error::DriveError;
use crate::flux::UnitPoint;
use crate::held::{Held, held};
use crate::inverter::{AcPoint, InverterLoss, InverterModel};
use crate::machine::{Machine, MachineLoss, SpeedState};
use crate::mass::{inverter_volume_m3, machine_mass, machine_volume, rotor_inertia_kg_m2};
use crate::operating_point::{CurrentCircle, Search};
use crate::shaft_point::Rising;
use crate::top_speed::{self, TopSpeed};

/// A machine with an inverter, evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct MotorMap {
    /// The machine.
    pub machine: MachineVariant,
    /// Turns in series per phase.
    pub turns: f64,
    /// Inverter id.
    pub inverter: String,
    /// Envelopes and losses on the motor shaft.
    pub map: OperatingMap,
    /// Phase currents (i_d, i_q) of each table point, A, peak.
    pub currents_a: Vec<[f64; 2]>,
    /// What it holds for a time, where the conditions state a start.
    pub ratings: Option<Ratings>,
    /// How it warms up, where the conditions state a start.
    pub heat: Option<UnitHeat>,
    /// What ends the speed axis.
    pub top_speed: TopSpeed,
    /// Whether the inverter could drive more current than the flux map covers: the envelope is
    /// then that of the map, and the true one may be higher.
    pub limited_by_map: bool,
    /// Masses of machine and inverter; no gear.
    pub mass: UnitMass,
    /// Volumes of machine and inverter.
    pub volume: UnitVolume,
    /// Moment of inertia of the rotor, kg·m².
    pub rotor_inertia_kg_m2: f64,
    /// Line-to-line peak of the back-EMF over motor speed, V·s.
    pub line_back_emf_vs: f64,
}

/// What all speeds of a map share.
pub(crate) struct Bench<'a> {
    pub(crate) machine: &'a Machine<'a>,
    pub(crate) inverter: InverterModel<'a>,
    pub(crate) conditions: &'a Conditions,
    /// Circle of the largest current.
    pub(crate) circle: CurrentCircle,
    /// Highest phase voltage amplitude over k and stack length, V/m.
    voltage_limit_per_m: f64,
}

/// One speed of a map.
pub(crate) struct Row<'a> {
    /// Loads of the points.
    pub(crate) loads: &'a [f64],
    pub(crate) state: SpeedState,
    /// Shaft torque of the envelope, N·m: braking, motoring.
    pub(crate) envelope_nm: [f64; 2],
    pub(crate) points: Vec<RowPoint>,
}

/// One operating point with its losses.
#[derive(Clone, Copy)]
pub(crate) struct RowPoint {
    pub(crate) unit: UnitPoint,
    pub(crate) loss: MachineLoss,
    pub(crate) inverter: InverterLoss,
}

/// Envelopes and losses of a machine with an inverter at a DC voltage.
///
/// # Errors
/// A voltage beyond the inverter, no torque at all, or thermal runaway of the inverter.
pub fn motor_map(
    machine: &Machine<'_>,
    inverter: &Inverter,
    dc_voltage_v: f64,
    conditions: &Conditions,
) -> Result<MotorMap, DriveError> {
    let grid = Grid::default();
    motor_map_on(machine, inverter, dc_voltage_v, conditions, &grid)
}

/// [`motor_map`] on a grid of one's own.
///
/// # Errors
/// As [`motor_map`].
pub fn motor_map_on(
    machine: &Machine<'_>,
    inverter: &Inverter,
    dc_voltage_v: f64,
    conditions: &Conditions,
    grid: &Grid,
) -> Result<MotorMap, DriveError> {
    let bench = Bench::new(machine, inverter, dc_voltage_v, conditions)?;
    let (base, top, top_speed) = bench.speed_range()?;
    let rows: Vec<Row<'_>> = grid
        .speeds(base, top)
        .into_iter()
        .map(|speed| row(&bench, speed, grid.loads()))
        .collect::<Result<_, _>>()?;
    let Held {
        continuous_nm,
        ratings,
        heat,
    } = held(&bench, &rows)?;
    let mut mass = machine_mass(machine);
    mass.inverter_kg = inverter.mass_kg;
    let mut volume = machine_volume(machine);
    volume.inverter_m3 = inverter_volume_m3(inverter.mass_kg);
    let facts = &machine.tables.facts;
    let scale = machine.ratio() * machine.stack_m;
    Ok(MotorMap {
        machine: machine_variant(machine),
        turns: machine.winding.turns(facts.slots),
        inverter: inverter.id.clone(),
        map: collect(&bench, grid, &rows, continuous_nm),
        currents_a: currents(machine, &rows),
        ratings,
        heat,
        top_speed,
        limited_by_map: bench.limited_by_map(),
        mass,
        volume,
        rotor_inertia_kg_m2: rotor_inertia_kg_m2(machine),
        line_back_emf_vs: machine.tables.line_back_emf_vs_per_m
            * scale
            * f64::from(facts.pole_pairs),
    })
}

fn machine_variant(machine: &Machine<'_>) -> MachineVariant {
    MachineVariant {
        section: machine.tables.facts.id.clone(),
        stack_mm: machine.stack_mm(),
        winding: machine.winding,
    }
}

impl<'a> Bench<'a> {
    pub(crate) fn new(
        machine: &'a Machine<'a>,
        inverter: &'a Inverter,
        dc_voltage_v: f64,
        conditions: &'a Conditions,
    ) -> Result<Self, DriveError> {
        conditions.check()?;
        let coolant_k = conditions.cooling.coolant_inlet_k;
        let model = InverterModel::new(inverter, dc_voltage_v, coolant_k)?;
        let peak_a = inverter.peak_current_a();
        let reach_a = machine.tables.loci.current_reach_a();
        let circle = CurrentCircle::new(machine, (machine.ratio() * peak_a).min(reach_a));
        let limit_v = model.usable_voltage_v(conditions.voltage_use, peak_a);
        if limit_v <= 0.0 {
            let what = "DC voltage in V";
            let allowed = "above the voltage that switches and dead times take";
            return Err(DriveError::OutOfRange {
                what,
                value: dc_voltage_v,
                allowed,
            });
        }
        let voltage_limit_per_m = limit_v / (machine.ratio() * machine.stack_m);
        Ok(Self {
            machine,
            inverter: model,
            conditions,
            circle,
            voltage_limit_per_m,
        })
    }

    /// Base speed, highest speed, rad/s, and what ends the range.
    pub(crate) fn speed_range(&self) -> Result<(f64, f64, TopSpeed), DriveError> {
        let no_torque = |reason| DriveError::NoTorque {
            machine: machine_variant(self.machine).id(),
            inverter: self.inverter.inverter().id.clone(),
            dc_voltage_v: self.inverter.dc_voltage_v(),
            reason,
        };
        let base = top_speed::base_speed_rad_per_s(self)
            .ok_or_else(|| no_torque("the voltage does not even cover the resistance"))?;
        let (top, why) = top_speed::top_speed_rad_per_s(self, base)
            .ok_or_else(|| no_torque("the machine's losses exceed its torque"))?;
        Ok((base, top, why))
    }

    fn limited_by_map(&self) -> bool {
        let wanted = self.machine.ratio() * self.inverter.inverter().peak_current_a();
        self.circle.current_a < wanted * (1.0 - 1e-9)
    }

    /// The search at a motor speed.
    pub(crate) fn search(&self, speed_rad_per_s: f64) -> Search<'a> {
        let winding_k = self.conditions.winding_temperature_k;
        self.search_in(self.machine.at_speed(speed_rad_per_s, winding_k))
    }

    /// The search in a state that is known already.
    pub(crate) fn search_in(&self, state: SpeedState) -> Search<'a> {
        Search {
            machine: self.machine,
            state,
            voltage_limit_per_m: self.voltage_limit_per_m,
        }
    }

    /// Largest shaft torque in one direction, N·m, with its point.
    pub(crate) fn envelope(&self, search: &Search<'_>, motoring: bool) -> Option<(f64, UnitPoint)> {
        let point = search.largest(&self.circle, motoring)?;
        let airgap = point.torque_nm_per_m * self.machine.stack_m;
        Some((airgap - self.machine.drag_nm(&point, &search.state), point))
    }

    /// What the inverter sees of a point.
    pub(crate) fn ac_point(&self, search: &Search<'_>, point: &UnitPoint) -> AcPoint {
        let (v_d, v_q) = search.voltage_per_m(point);
        let voltage = v_d.hypot(v_q);
        let current = point.current_a();
        let active = v_d * point.i_d_a + v_q * point.i_q_a;
        let apparent = voltage * current;
        let phase_v = voltage * self.machine.ratio() * self.machine.stack_m;
        AcPoint {
            current_a: current / self.machine.ratio(),
            modulation: 2.0 * phase_v / self.inverter.dc_voltage_v(),
            cos_phi: if apparent > 0.0 {
                active / apparent
            } else {
                0.0
            },
        }
    }

    /// Inverter loss at a point.
    fn inverter_loss(
        &self,
        search: &Search<'_>,
        point: &UnitPoint,
    ) -> Result<InverterLoss, DriveError> {
        self.inverter.loss(self.ac_point(search, point))
    }

    pub(crate) fn priced(
        &self,
        search: &Search<'_>,
        unit: UnitPoint,
    ) -> Result<RowPoint, DriveError> {
        let loss = self.machine.loss(&unit, &search.state);
        Ok(RowPoint {
            unit,
            loss,
            inverter: self.inverter_loss(search, &unit)?,
        })
    }
}

/// Some loads at one speed.
pub(crate) fn row<'a>(
    bench: &Bench<'_>,
    speed_rad_per_s: f64,
    loads: &'a [f64],
) -> Result<Row<'a>, DriveError> {
    let search = bench.search(speed_rad_per_s);
    let nowhere = |torque_nm| DriveError::NoOperatingPoint {
        speed_rad_per_s,
        torque_nm,
    };
    let (braking_nm, braking) = bench
        .envelope(&search, false)
        .ok_or_else(|| nowhere(-0.0))?;
    let (motoring_nm, motoring) = bench.envelope(&search, true).ok_or_else(|| nowhere(0.0))?;
    let ends = (&braking, &motoring);
    let least_current = bench.conditions.strategy == Strategy::LeastCurrent;
    let mut rising = least_current.then(|| Rising::new(&search, ends));
    let mut guess = braking;
    let mut points = Vec::with_capacity(loads.len());
    for load in loads.iter().copied() {
        let shaft_nm = if load < 0.0 {
            -load * braking_nm
        } else {
            load * motoring_nm
        };
        let unit = if load == -1.0 {
            braking
        } else if load == 1.0 {
            motoring
        } else {
            let beside = rising.as_ref().and_then(|rising| rising.at(shaft_nm));
            let choose = |start: UnitPoint| chosen(bench, &search, start);
            beside
                .or_else(|| search.at_shaft_torque(shaft_nm, ends, &guess, choose))
                .ok_or_else(|| nowhere(shaft_nm))?
        };
        if let Some(rising) = &mut rising {
            rising.push(shaft_nm, &unit);
        }
        guess = unit;
        points.push(bench.priced(&search, unit)?);
    }
    Ok(Row {
        loads,
        state: search.state,
        envelope_nm: [braking_nm, motoring_nm],
        points,
    })
}

/// The point that the strategy prefers to the one of least current.
fn chosen(bench: &Bench<'_>, search: &Search<'_>, start: UnitPoint) -> UnitPoint {
    if bench.conditions.strategy == Strategy::LeastCurrent {
        return start;
    }
    search.least_cost(start, bench.circle.current_a, |point| {
        let machine = bench.machine.loss(point, &search.state).total_w();
        bench
            .inverter_loss(search, point)
            .map_or(f64::INFINITY, |i| machine + i.total_w)
    })
}

fn collect(
    bench: &Bench<'_>,
    grid: &Grid,
    rows: &[Row<'_>],
    continuous_nm: Vec<f64>,
) -> OperatingMap {
    let points = rows.len() * grid.loads().len();
    let table = |f: &dyn Fn(&RowPoint) -> f64| {
        let mut values = Vec::with_capacity(points);
        values.extend(rows.iter().flat_map(|row| &row.points).map(f));
        values
    };
    let split = LossSplit {
        copper_w: table(&|p| p.loss.copper_w()),
        iron_w: table(&|p| p.loss.iron_w()),
        magnet_w: table(&|p| p.loss.magnet_w),
        mechanical_w: table(&|p| p.loss.mechanical_w()),
        inverter_w: table(&|p| p.inverter.total_w),
        gear_w: table(&|_| 0.0),
    };
    OperatingMap {
        dc_voltage_v: bench.inverter.dc_voltage_v(),
        speed_rad_per_s: rows.iter().map(|row| row.state.speed_rad_per_s).collect(),
        torque_max_nm: rows.iter().map(|row| row.envelope_nm[1]).collect(),
        torque_min_nm: rows.iter().map(|row| row.envelope_nm[0]).collect(),
        torque_continuous_nm: continuous_nm,
        load: grid.loads().to_vec(),
        loss_w: table(&|p| p.loss.total_w() + p.inverter.total_w),
        split,
    }
}

fn currents(machine: &Machine<'_>, rows: &[Row<'_>]) -> Vec<[f64; 2]> {
    let k = machine.ratio();
    let points = rows.iter().flat_map(|row| &row.points);
    points
        .map(|p| [p.unit.i_d_a / k, p.unit.i_q_a / k])
        .collect()
}
