//! What can be wrong with a question put to this crate.

use codrive_model::units::Shown;
use codrive_model::vehicle::Axle;

/// Why a car cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VehicleError {
    /// Units and driven axles do not correspond.
    #[error("`{vehicle}` drives {driven}, but the units given drive {given}")]
    AxlesDiffer {
        /// Vehicle id.
        vehicle: String,
        /// Driven axles.
        driven: String,
        /// Axles of the units.
        given: String,
    },
    /// An axle that is not driven was asked for.
    #[error("the {axle} axle of `{vehicle}` is not driven")]
    NotDriven {
        /// Vehicle id.
        vehicle: String,
        /// The axle.
        axle: Axle,
    },
    /// A share of the targets that no axle can have.
    #[error(
        "a share of {} is out of range: must be above 0 and below 1 for a car with two driven \
         axles, 1 for a car with one",
        Shown(*.share)
    )]
    Share {
        /// The share.
        share: f64,
    },
    /// A state of charge that no battery can have.
    #[error("a state of charge of {} is out of range: must be from 0 to 1", Shown(*.charge))]
    Charge {
        /// The state of charge.
        charge: f64,
    },
    /// A force of a split rule that is none.
    #[error("a split rule's force of {} N is out of range: must be finite and not below 0", Shown(*.below_n))]
    RuleForce {
        /// The force, N.
        below_n: f64,
    },
    /// A day names a cycle that is not at hand.
    #[error("the day's cycle `{cycle}` is not among the cycles given")]
    NoCycle {
        /// Its name.
        cycle: String,
    },
    /// Charging that leaves nothing for the cells.
    #[error(
        "charging with {power_w:.0} W leaves nothing for the battery: the car itself takes {least_w:.0} W from the wall"
    )]
    ChargePower {
        /// Power from the wall, W.
        power_w: f64,
        /// What the car's auxiliaries take of it, W.
        least_w: f64,
    },
    /// A payload with which the car is heavier than allowed.
    #[error(
        "a payload of {} kg is more than `{vehicle}` may carry, {} kg from kerb to gross mass",
        Shown(*.payload_kg),
        Shown(*.most_kg)
    )]
    Payload {
        /// Vehicle id.
        vehicle: String,
        /// What it should carry, kg.
        payload_kg: f64,
        /// What it may, kg.
        most_kg: f64,
    },
    /// A load that no car carries.
    #[error("a {what} of {} is out of range: must be {allowed}", Shown(*.value))]
    Load {
        /// Payload or grade, with its unit.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What would do.
        allowed: &'static str,
    },
    /// Temperatures that a unit cannot begin with.
    #[error("a temperature of {} K at the start is out of range: must be from 200 to 500 K", Shown(*.kelvin))]
    StartTemperature {
        /// The temperature, K.
        kelvin: f64,
    },
    /// Maps at several voltages that are not in order.
    #[error("drive maps at {voltages:?} V: must be one or more DC voltages that rise")]
    Voltages {
        /// Their voltages, V.
        voltages: Vec<f64>,
    },
    /// A drive map that cannot be used.
    #[error("the drive map of the {axle} axle is unusable: {why}")]
    Map {
        /// The axle.
        axle: Axle,
        /// What is wrong.
        why: String,
    },
    /// No envelope within the tyres' limit meets a target.
    #[error("`{vehicle}`: {target} is beyond the tyres' limit of the {axle} axle")]
    BeyondTyres {
        /// Vehicle id.
        vehicle: String,
        /// The axle.
        axle: Axle,
        /// The target.
        target: &'static str,
    },
}
