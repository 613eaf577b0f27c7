//! Temperatures over a duty, with the derating that they cause: what a picture over time shows.

use std::f64::consts::PI;

use codrive_model::gear_set::GearSet;
use codrive_model::inverter::Inverter;

use super::heat::HeatLoad;
use super::junction::Junction;
use super::limits::{Limits, released_share};
use super::network::{AtSpeed, ByNode, ThermalNetwork};
use super::steady::Temperatures;
use crate::conditions::Conditions;
use crate::error::{DriveError, non_negative, positive};
use crate::gear::GearModel;
use crate::held::limits;
use crate::machine::Machine;
use crate::motor_map::Bench;

/// A speed and a torque, held for a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DutyStep {
    /// How long, s.
    pub seconds: f64,
    /// Motor speed, rad/s.
    pub speed_rad_per_s: f64,
    /// Shaft torque asked for, N·m; negative when recuperating.
    pub torque_nm: f64,
}

/// A duty and how it is followed.
#[derive(Clone, Copy, Debug)]
pub struct Duty<'a> {
    /// Speeds and torques, one after the other.
    pub steps: &'a [DutyStep],
    /// Longest time between two points of the trace, s; currents and derating change at these only.
    pub interval_s: f64,
    /// Temperatures at the beginning, K; `None` for everything at coolant temperature.
    pub start_k: Option<ByNode>,
    /// The gear set whose loss warms the oil; `None` takes [`super::Cooling::gear_loss_share`].
    pub gear_set: Option<&'a GearSet>,
}

/// One moment of a duty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TracePoint {
    /// Time since the beginning, s.
    pub time_s: f64,
    /// Motor speed until here, rad/s.
    pub speed_rad_per_s: f64,
    /// Torque asked for until here, N·m.
    pub asked_nm: f64,
    /// Torque given until here, N·m: what was asked, within the envelope and the derating.
    pub given_nm: f64,
    /// Share of the envelope's torque that derating released until here.
    pub released: f64,
    /// Losses of machine, inverter and gear until here, W.
    pub loss_w: f64,
    /// Temperatures.
    pub temperatures: Temperatures,
    /// Hottest junction, K.
    pub junction_k: f64,
}

/// Temperatures of a unit over a duty.
///
/// The torque given is never above the share of the envelope that derating releases
/// ([`released_share`]); what was asked stands beside it. The first point is the beginning.
///
/// # Errors
/// Times that are not above zero, a speed without operating point, runaway, or modules that contradict
/// each other.
pub fn trace(
    machine: &Machine<'_>,
    inverter: &Inverter,
    dc_voltage_v: f64,
    conditions: &Conditions,
    duty: &Duty<'_>,
) -> Result<Vec<TracePoint>, DriveError> {
    positive("interval of a trace in s", duty.interval_s)?;
    let bench = Bench::new(machine, inverter, dc_voltage_v, conditions)?;
    let network = ThermalNetwork::new(machine, &conditions.cooling)?;
    let mut run = Run {
        limits: limits(&bench),
        gear: duty.gear_set.map(GearModel::new).transpose()?,
        junction: Junction::new(inverter),
        node_k: duty
            .start_k
            .unwrap_or([network.coolant.inlet_k; super::network::NODES]),
        bench: &bench,
        network: &network,
    };
    let mut points = vec![run.beginning(duty.steps)];
    for step in duty.steps {
        positive("time of a duty step in s", step.seconds)?;
        non_negative("speed of a duty step in rad/s", step.speed_rad_per_s)?;
        run.follow(step, duty.interval_s, &mut points)?;
    }
    Ok(points)
}

/// A unit on its way through a duty.
struct Run<'a> {
    bench: &'a Bench<'a>,
    network: &'a ThermalNetwork,
    limits: Limits,
    gear: Option<GearModel<'a>>,
    junction: Junction,
    node_k: ByNode,
}

/// Losses at the torque given.
struct Given {
    torque_nm: f64,
    released: f64,
    heat: HeatLoad,
    settled_junction_k: f64,
}

impl Run<'_> {
    fn beginning(&self, steps: &[DutyStep]) -> TracePoint {
        let first = steps.first();
        TracePoint {
            time_s: 0.0,
            speed_rad_per_s: first.map_or(0.0, |s| s.speed_rad_per_s),
            asked_nm: first.map_or(0.0, |s| s.torque_nm),
            given_nm: 0.0,
            released: released_share(self.excess_k()),
            loss_w: 0.0,
            temperatures: self.temperatures(),
            junction_k: self.junction_k(),
        }
    }

    fn follow(
        &mut self,
        step: &DutyStep,
        interval_s: f64,
        points: &mut Vec<TracePoint>,
    ) -> Result<(), DriveError> {
        let at = self.network.at_speed(step.speed_rad_per_s);
        let parts = (step.seconds / interval_s).ceil().max(1.0);
        let seconds = step.seconds / parts;
        let begin_s = points.last().map_or(0.0, |point| point.time_s);
        let mut passed = 0.0;
        while passed < parts {
            passed += 1.0;
            let given = self.given(step)?;
            self.pass(&at, &given, seconds)?;
            points.push(TracePoint {
                time_s: begin_s + passed * seconds,
                speed_rad_per_s: step.speed_rad_per_s,
                asked_nm: step.torque_nm,
                given_nm: given.torque_nm,
                released: given.released,
                loss_w: given.heat.at(&self.node_k).iter().sum::<f64>() + given.heat.inverter_w,
                temperatures: self.temperatures(),
                junction_k: self.junction_k(),
            });
        }
        Ok(())
    }

    fn pass(&mut self, at: &AtSpeed<'_>, given: &Given, seconds: f64) -> Result<(), DriveError> {
        self.node_k = at.step(&self.node_k, &given.heat, seconds)?;
        let settled = given.settled_junction_k - self.network.coolant.inlet_k;
        self.junction.pass(settled, seconds);
        Ok(())
    }

    /// The operating point at the torque that the envelope and derating leave of what is asked.
    fn given(&self, step: &DutyStep) -> Result<Given, DriveError> {
        let bench = self.bench;
        let search = bench.search(step.speed_rad_per_s);
        let nowhere = |torque_nm| DriveError::NoOperatingPoint {
            speed_rad_per_s: step.speed_rad_per_s,
            torque_nm,
        };
        let (most_nm, motoring) = bench.envelope(&search, true).ok_or_else(|| nowhere(0.0))?;
        let (least_nm, braking) = bench
            .envelope(&search, false)
            .ok_or_else(|| nowhere(-0.0))?;
        let released = released_share(self.excess_k());
        let (low, high) = (
            (released * least_nm).min(0.0),
            (released * most_nm).max(0.0),
        );
        let torque_nm = step.torque_nm.max(low).min(high);
        let unit = search
            .at_shaft_torque(torque_nm, (&braking, &motoring), &motoring, |point| point)
            .ok_or_else(|| nowhere(torque_nm))?;
        let point = bench.priced(&search, unit)?;
        let frequency_hz = search.state.electrical_rad_per_s / (2.0 * PI);
        let ac = bench.ac_point(&search, &unit);
        let heat = HeatLoad::of_machine(&point.loss, &search.state, self.network.tooth_share)
            .with_inverter(point.inverter.total_w)
            .with_gear(self.gear_w(torque_nm, step.speed_rad_per_s));
        Ok(Given {
            torque_nm,
            released,
            heat,
            settled_junction_k: bench.inverter.peak_junction_k(ac, frequency_hz)?,
        })
    }

    fn gear_w(&self, torque_nm: f64, speed_rad_per_s: f64) -> f64 {
        match &self.gear {
            Some(gear) => gear.at_speed(speed_rad_per_s).lost_nm(torque_nm) * speed_rad_per_s,
            None => {
                let share = self.bench.conditions.cooling.gear_loss_share;
                share * (torque_nm * speed_rad_per_s).abs()
            }
        }
    }

    fn temperatures(&self) -> Temperatures {
        Temperatures::new(self.network, self.node_k)
    }

    fn junction_k(&self) -> f64 {
        self.network.coolant.inlet_k + self.junction.rise_k()
    }

    fn excess_k(&self) -> f64 {
        self.limits
            .excess_k(&self.temperatures(), self.junction_k())
    }
}
