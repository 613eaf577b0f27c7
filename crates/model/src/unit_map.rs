//! One drive unit on its own: all that its pictures show.

use serde::{Deserialize, Serialize};

use crate::safe_state::{SafeState, ShortCircuitFrom};
use crate::unit::{Unit, Winding};

/// A unit with its maps, envelopes, temperatures over time and currents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitMap {
    /// Schema version of this file, 1.
    pub schema: u32,
    /// Version of codrive.
    pub codrive: String,
    /// Id of the unit.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What is assumed, in words.
    pub assumptions: Vec<String>,
    /// Its figures over what is not known of it.
    pub figures: Figures,
    /// The same with other numbers of turns; the own one among them, ascending in turns.
    pub windings: Vec<WindingChoice>,
    /// Winding temperature of the maps, K.
    pub winding_temperature_k: f64,
    /// Whether the inverter could drive more current than the flux map covers: then the true peak
    /// envelope may be higher.
    pub limited_by_map: bool,
    /// Maps, masses, volumes.
    pub unit: Unit,
    /// What the motor shaft holds.
    pub motor_envelopes: Envelopes,
    /// What the axle holds.
    pub axle_envelopes: Envelopes,
    /// What the motor shaft holds at other voltages and temperatures.
    pub envelopes_at: Vec<EnvelopesAt>,
    /// Temperatures over the duty.
    pub trace: Trace,
    /// The plane of the currents.
    pub currents: CurrentPlane,
    /// Open switches and active short circuit.
    pub safe_state: SafeState,
    /// Active short circuit from full torque and from no load, with a cold winding.
    pub short_circuits: Vec<ShortCircuitFrom>,
}

/// Figures of a unit: best estimates, and between which values they lie over what is not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// One by one.
    pub figures: Vec<Figure>,
    /// What is not known.
    pub unknowns: Vec<Unknown>,
}

/// A figure and its range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name, such as `peak torque`.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// With everything as assumed.
    pub best: f64,
    /// Least and largest over all unknowns, each alone and the unfavourable and favourable ones together.
    pub range: [f64; 2],
}

/// A quantity that is not known, and what it does alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unknown {
    /// Its name, such as `coolant flow`.
    pub name: String,
    /// As which it is assumed.
    pub assumed: String,
    /// Why it lies there.
    pub source: String,
    /// What else it may be.
    pub cases: Vec<UnknownCase>,
}

/// Another value of a quantity that is not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnknownCase {
    /// The value, as written.
    pub value: String,
    /// The figures with it, in their order.
    pub figures: Vec<f64>,
}

/// What a unit gives with another number of turns in the same slots.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindingChoice {
    /// Its winding.
    pub winding: Winding,
    /// Turns in series per phase.
    pub turns: f64,
    /// Peak torque of the motor, N·m.
    pub peak_torque_nm: f64,
    /// Peak power of the motor, W.
    pub peak_power_w: f64,
    /// Speed of the largest power, rad/s.
    pub peak_power_speed_rad_per_s: f64,
    /// Highest speed of the motor, rad/s.
    pub top_speed_rad_per_s: f64,
    /// Peak power left there, W.
    pub power_at_top_w: f64,
}

/// Torque over speed, N·m, by how long it is held.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Envelopes {
    /// Speed of the shaft, rad/s, ascending.
    pub speed_rad_per_s: Vec<f64>,
    /// Peak, motoring.
    pub peak_nm: Vec<f64>,
    /// Peak, recuperating, negative.
    pub braking_nm: Vec<f64>,
    /// Held for 10 s from the steady state at half of the torque of the largest continuous power.
    pub held_10s_nm: Vec<f64>,
    /// Held for 30 s from there.
    pub held_30s_nm: Vec<f64>,
    /// Held for ever.
    pub continuous_nm: Vec<f64>,
}

/// What the motor shaft holds under conditions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnvelopesAt {
    /// Voltage at the DC terminals, V.
    pub dc_voltage_v: f64,
    /// Winding temperature, K.
    pub winding_k: f64,
    /// Magnet temperature, K.
    pub magnet_k: f64,
    /// What it holds.
    pub envelopes: Envelopes,
}

/// Temperatures over a duty, with its derating; columns of one length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Time, s.
    pub time_s: Vec<f64>,
    /// Motor speed until here, rad/s.
    pub speed_rad_per_s: Vec<f64>,
    /// Torque asked for until here, N·m.
    pub asked_nm: Vec<f64>,
    /// Torque given until here, N·m: what was asked, within envelope and derating.
    pub given_nm: Vec<f64>,
    /// All losses until here, W.
    pub loss_w: Vec<f64>,
    /// Winding at its hottest place, K.
    pub winding_k: Vec<f64>,
    /// Magnets, K.
    pub magnet_k: Vec<f64>,
    /// Rotor lamination, K.
    pub rotor_k: Vec<f64>,
    /// Stator yoke, K.
    pub yoke_k: Vec<f64>,
    /// Gear oil, K.
    pub oil_k: Vec<f64>,
    /// Hottest junction of the inverter, K.
    pub junction_k: Vec<f64>,
    /// Limits of winding, magnets and junction, K.
    pub limits_k: [f64; 3],
}

/// Points (i_d, i_q), A, peak.
pub type Currents = Vec<[f64; 2]>;

/// The motoring half of the plane of the currents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CurrentPlane {
    /// Largest current of the inverter, A, peak.
    pub inverter_peak_a: f64,
    /// Ends of the flux map: most negative i_d and largest i_q, A.
    pub map_end_a: [f64; 2],
    /// Most torque per ampere.
    pub mtpa: Currents,
    /// Least flux linkage for a torque; only where it lies inside the map.
    pub mtpv: Currents,
    /// Currents of the peak envelope from standstill to the highest speed.
    pub envelope: Currents,
    /// Lines of constant air-gap torque.
    pub torque: Vec<TorqueLine>,
    /// Where the voltage just suffices at a speed.
    pub voltage: Vec<VoltageLimit>,
}

/// Currents of one air-gap torque.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TorqueLine {
    /// Air-gap torque, N·m.
    pub torque_nm: f64,
    /// Its currents, by ascending i_d.
    pub points: Currents,
}

/// Currents at which the voltage just suffices; inside, less is needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VoltageLimit {
    /// Motor speed, rad/s.
    pub speed_rad_per_s: f64,
    /// Lines; more than one where the curve leaves the flux map between.
    pub lines: Vec<Currents>,
}
