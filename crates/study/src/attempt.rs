//! One configuration on trial: what speaks against it, and which axles it can serve at what energy.

use std::collections::BTreeSet;

use codrive_drive::{Ceiling, GearModel, MotorMap, axle_losses_through};
use codrive_model::operating_map::OperatingMap;
use codrive_model::safe_state::SafeState;
use codrive_vehicle::AxleEnergy;

use crate::candidates::{Candidate, Evaluation, Service};
use crate::fleet::FleetVehicle;
use crate::screen::{Bounds, not_known};

/// One configuration while its voltages are tried.
pub(crate) struct Attempt<'a> {
    gear: &'a GearModel<'a>,
    candidate: Option<Candidate>,
    services: Vec<Service>,
    reason: &'static str,
}

/// A unit of which only what the cars ask for is known.
struct Tried<'a> {
    motor: &'a MotorMap,
    axle: OperatingMap,
    /// Moment of inertia on the axle.
    inertia_kg_m2: f64,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(gear: &'a GearModel<'a>) -> Self {
        let reason = "no operating range at any car's voltage";
        Self {
            gear,
            candidate: None,
            services: Vec::new(),
            reason,
        }
    }

    /// Itself where no bound speaks against it that is known without a map.
    pub(crate) fn may_reach(
        &mut self,
        ceiling: &Ceiling,
        served: &[usize],
        fleet: &[FleetVehicle],
    ) -> Option<&mut Self> {
        let bounds = Bounds::of_ceiling(ceiling, self.gear.set());
        self.reaches(&bounds, served, fleet).then_some(self)
    }

    /// Itself where the motor's map does not speak against it, its gear losses left out.
    pub(crate) fn still_reaches(
        &mut self,
        motor: &MotorMap,
        served: &[usize],
        fleet: &[FleetVehicle],
    ) -> Option<&mut Self> {
        let bounds = Bounds::of_motor(motor, self.gear.set());
        self.reaches(&bounds, served, fleet).then_some(self)
    }

    /// Whether some car is in reach; why not, else.
    fn reaches(&mut self, bounds: &Bounds, served: &[usize], fleet: &[FleetVehicle]) -> bool {
        let against = |vehicle: &usize| bounds.reach(&fleet[*vehicle]);
        if served.iter().any(|vehicle| against(vehicle).is_none()) {
            return true;
        }
        if let Some(reason) = served.first().and_then(against) {
            self.reason = reason;
        }
        false
    }

    /// Notes what speaks against its motor, whatever the gear set.
    pub(crate) fn refuse(&mut self, reason: &'static str) {
        self.reason = reason;
    }

    /// Judges the unit on every axle of cars of one voltage.
    pub(crate) fn at_voltage(
        &mut self,
        motor: &MotorMap,
        state: &SafeState,
        served: &[usize],
        fleet: &[FleetVehicle],
    ) {
        let Ok(axle) = axle_losses_through(motor, self.gear) else {
            self.reason = "machine and gear set do not fit";
            return;
        };
        let bounds = Bounds::of_axle(&axle, motor, self.gear.set());
        let unit = Tried {
            motor,
            axle,
            inertia_kg_m2: motor.axle_inertia_kg_m2(self.gear.set()),
        };
        for vehicle in served {
            self.against(&unit, &bounds, *vehicle, &fleet[*vehicle]);
        }
        if let Some(candidate) = &mut self.candidate {
            candidate.not_known.extend(not_known(state));
        }
    }

    /// Judges the unit on every axle of a car.
    fn against(&mut self, unit: &Tried<'_>, bounds: &Bounds, index: usize, car: &FleetVehicle) {
        if let Some(reason) = bounds.reach(car) {
            self.reason = reason;
            return;
        }
        self.note_evaluated(unit.motor, car.partner);
        for axle in 0..car.axles.len() {
            for share in 0..car.front_shares.len() {
                if let Some(energy) = serves(unit, car, axle, share) {
                    self.services.push(Service {
                        candidate: 0,
                        vehicle: index,
                        axle,
                        share,
                        wltc_j_per_m: taken_j_per_m(&energy),
                    });
                }
            }
        }
    }

    /// Counts the configuration as evaluated for a partner: its map is judged on every target of one of
    /// the partner's cars, and where it meets them drives its WLTC.
    fn note_evaluated(&mut self, motor: &MotorMap, partner: usize) {
        let gear_set = self.gear.set();
        let candidate = self.candidate.get_or_insert_with(|| Candidate {
            configuration: motor.configuration(gear_set),
            turns: motor.turns,
            mass: motor.mass_with(gear_set),
            evaluated_for: Vec::new(),
            not_known: BTreeSet::new(),
        });
        if !candidate.evaluated_for.contains(&partner) {
            candidate.evaluated_for.push(partner);
        }
    }

    /// Counts it as a candidate, or why it is none.
    pub(crate) fn book(self, part: &mut Evaluation) {
        match self.candidate {
            Some(mut candidate) => {
                candidate.evaluated_for.sort_unstable();
                let number = part.candidates.len();
                part.candidates.push(candidate);
                part.services.extend(self.services.iter().map(|s| Service {
                    candidate: number,
                    ..*s
                }));
            }
            None => part.prune(self.reason, 1),
        }
    }
}

/// The energy in the WLTC if the unit meets every target of the axle under the share.
///
/// The range is shared like the other targets: the units together may take so much, an axle its
/// share of it; for two axles the parts add up to at most the whole.
fn serves(unit: &Tried<'_>, car: &FleetVehicle, axle: usize, share: usize) -> Option<AxleEnergy> {
    let prepared = &car.axles[axle][share];
    let inertia = unit.inertia_kg_m2;
    // Targets first: they are cheaper to judge than a cycle.
    if !prepared.meets(&unit.axle, inertia).ok()? {
        return None;
    }
    let energy = prepared.energy(&car.wltc, &unit.axle, inertia).ok()?;
    let allowed = car.share_of(axle, share) * car.units_allowance_j_per_m;
    (energy.violations == 0 && taken_j_per_m(&energy) <= allowed).then_some(energy)
}

/// Energy from the cells for an axle, J/m.
pub(crate) fn taken_j_per_m(energy: &AxleEnergy) -> f64 {
    energy.dc_j_per_m() + energy.battery_loss_j / energy.distance_m
}
