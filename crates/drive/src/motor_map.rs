//! Machine and inverter at one DC voltage: envelopes and losses on the motor shaft.

use std::f64::consts::PI;

use codrive_model::inverter::Inverter;
use codrive_model::operating_map::{LossSplit, OperatingMap};
use codrive_model::unit::{MachineVariant, UnitMass};

use crate::axes::{LOADS, speeds};
use crate::conditions::{Conditions, Strategy};
use crate::error::DriveError;
use crate::flux::UnitPoint;
use crate::inverter::{AcPoint, InverterLoss, InverterModel};
use crate::machine::{Machine, MachineLoss, SpeedState};
use crate::mass::{machine_mass, rotor_inertia_kg_m2};
use crate::operating_point::{CurrentCircle, Search};
use crate::thermal::ratings::{LoadPoint, continuous_load};
use crate::thermal::{HeatLoad, Limits, ThermalNetwork};
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
    /// What ends the speed axis.
    pub top_speed: TopSpeed,
    /// Whether the inverter could drive more current than the flux map covers: the envelope is
    /// then that of the map, and the true one may be higher.
    pub limited_by_map: bool,
    /// Masses of machine and inverter; no gear.
    pub mass: UnitMass,
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
struct Row {
    state: SpeedState,
    /// Shaft torque of the envelope, N·m: braking, motoring.
    envelope_nm: [f64; 2],
    points: Vec<RowPoint>,
}

/// One operating point with its losses.
#[derive(Clone, Copy)]
struct RowPoint {
    unit: UnitPoint,
    loss: MachineLoss,
    inverter: InverterLoss,
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
    let bench = Bench::new(machine, inverter, dc_voltage_v, conditions)?;
    let no_torque = |reason| DriveError::NoTorque {
        machine: machine_variant(machine).id(),
        inverter: inverter.id.clone(),
        dc_voltage_v,
        reason,
    };
    let base = top_speed::base_speed_rad_per_s(&bench)
        .ok_or_else(|| no_torque("the voltage does not even cover the resistance"))?;
    let (top, top_speed) = top_speed::top_speed_rad_per_s(&bench, base)
        .ok_or_else(|| no_torque("the machine's losses exceed its torque"))?;
    let rows: Vec<Row> = speeds(base, top)
        .into_iter()
        .map(|speed| row(&bench, speed))
        .collect::<Result<_, _>>()?;
    let mut mass = machine_mass(machine);
    mass.inverter_kg = inverter.mass_kg;
    let facts = &machine.tables.facts;
    let scale = machine.ratio() * machine.stack_m;
    Ok(MotorMap {
        machine: machine_variant(machine),
        turns: machine.winding.turns(facts.slots),
        inverter: inverter.id.clone(),
        map: collect(&bench, &rows)?,
        currents_a: currents(machine, &rows),
        top_speed,
        limited_by_map: bench.limited_by_map(),
        mass,
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
    fn new(
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

    fn limited_by_map(&self) -> bool {
        let wanted = self.machine.ratio() * self.inverter.inverter().peak_current_a();
        self.circle.current_a < wanted * (1.0 - 1e-9)
    }

    /// The search at a motor speed.
    pub(crate) fn search(&self, speed_rad_per_s: f64) -> Search<'a> {
        let winding_k = self.conditions.winding_temperature_k;
        Search {
            machine: self.machine,
            state: self.machine.at_speed(speed_rad_per_s, winding_k),
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
    fn ac_point(&self, search: &Search<'_>, point: &UnitPoint) -> AcPoint {
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

    /// What may become how hot.
    fn limits(&self) -> Limits {
        Limits {
            winding_k: self.conditions.winding_limit_k,
            magnet_k: self.conditions.magnet_limit_k,
            junction_k: self.inverter.inverter().junction_limit_k,
        }
    }

    fn priced(&self, search: &Search<'_>, unit: UnitPoint) -> Result<RowPoint, DriveError> {
        let loss = self.machine.loss(&unit, &search.state);
        Ok(RowPoint {
            unit,
            loss,
            inverter: self.inverter_loss(search, &unit)?,
        })
    }
}

/// All loads at one speed.
fn row(bench: &Bench<'_>, speed_rad_per_s: f64) -> Result<Row, DriveError> {
    let search = bench.search(speed_rad_per_s);
    let nowhere = |torque_nm| DriveError::NoOperatingPoint {
        speed_rad_per_s,
        torque_nm,
    };
    let (braking_nm, braking) = bench
        .envelope(&search, false)
        .ok_or_else(|| nowhere(-0.0))?;
    let (motoring_nm, motoring) = bench.envelope(&search, true).ok_or_else(|| nowhere(0.0))?;
    let mut guess = braking;
    let mut points = Vec::with_capacity(LOADS.len());
    for load in LOADS {
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
            let choose = |start: UnitPoint| chosen(bench, &search, start);
            search
                .at_shaft_torque(shaft_nm, (&braking, &motoring), &guess, choose)
                .ok_or_else(|| nowhere(shaft_nm))?
        };
        guess = unit;
        points.push(bench.priced(&search, unit)?);
    }
    Ok(Row {
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

fn collect(bench: &Bench<'_>, rows: &[Row]) -> Result<OperatingMap, DriveError> {
    let all = || rows.iter().flat_map(|row| &row.points);
    let table = |f: &dyn Fn(&RowPoint) -> f64| all().map(f).collect::<Vec<f64>>();
    let split = LossSplit {
        copper_w: table(&|p| p.loss.copper_w()),
        iron_w: table(&|p| p.loss.iron_w()),
        magnet_w: table(&|p| p.loss.magnet_w),
        mechanical_w: table(&|p| p.loss.mechanical_w()),
        inverter_w: table(&|p| p.inverter.total_w),
        gear_w: table(&|_| 0.0),
    };
    Ok(OperatingMap {
        dc_voltage_v: bench.inverter.dc_voltage_v(),
        speed_rad_per_s: rows.iter().map(|row| row.state.speed_rad_per_s).collect(),
        torque_max_nm: rows.iter().map(|row| row.envelope_nm[1]).collect(),
        torque_min_nm: rows.iter().map(|row| row.envelope_nm[0]).collect(),
        torque_continuous_nm: continuous_nm(bench, rows)?,
        load: LOADS.to_vec(),
        loss_w: table(&|p| p.loss.total_w() + p.inverter.total_w),
        split,
    })
}

fn continuous_nm(bench: &Bench<'_>, rows: &[Row]) -> Result<Vec<f64>, DriveError> {
    let network = ThermalNetwork::new(bench.machine, &bench.conditions.cooling)?;
    let limits = bench.limits();
    rows.iter()
        .map(|row| {
            let at = network.at_speed(row.state.speed_rad_per_s);
            let points = load_points(bench, &network, row)?;
            Ok(continuous_load(&at, &points, &limits)? * row.envelope_nm[1])
        })
        .collect()
}

/// What heats the unit at all motoring loads of a speed.
fn load_points(
    bench: &Bench<'_>,
    network: &ThermalNetwork,
    row: &Row,
) -> Result<Vec<LoadPoint>, DriveError> {
    let gear = bench.conditions.cooling.gear_loss_share * row.state.speed_rad_per_s;
    let search = Search {
        machine: bench.machine,
        state: row.state,
        voltage_limit_per_m: bench.voltage_limit_per_m,
    };
    let frequency_hz = row.state.electrical_rad_per_s / (2.0 * PI);
    let motoring = LOADS
        .iter()
        .zip(&row.points)
        .filter(|(load, _)| **load >= 0.0);
    motoring
        .map(|(load, point)| {
            let heat = HeatLoad::of_machine(&point.loss, &row.state, network.tooth_share)
                .with_gear(gear * load * row.envelope_nm[1])
                .with_inverter(point.inverter.total_w);
            let ac = bench.ac_point(&search, &point.unit);
            Ok(LoadPoint {
                load: *load,
                heat,
                junction_k: bench.inverter.peak_junction_k(ac, frequency_hz)?,
            })
        })
        .collect()
}

fn currents(machine: &Machine<'_>, rows: &[Row]) -> Vec<[f64; 2]> {
    let k = machine.ratio();
    let points = rows.iter().flat_map(|row| &row.points);
    points
        .map(|p| [p.unit.i_d_a / k, p.unit.i_q_a / k])
        .collect()
}
