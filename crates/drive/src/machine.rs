//! A machine: a section with a stack length and a winding, and its losses at an operating point.

use codrive_model::flux_map::SectionFacts;
use codrive_model::unit::Winding;

use crate::conditions::{Build, Conductor};
use crate::error::{DriveError, positive};
use crate::flux::UnitPoint;
use crate::loss_tables::{CoreLoss, FrequencyFactors};
use crate::mechanical::{BearingAtSpeed, Drum, windage_in_air_w};
use crate::proximity::{Proximity, ProximityFactors, own_field_factor};
use crate::section_tables::SectionTables;
use crate::winding::{
    EndTurn, Layers, copper_resistivity_ohm_m, end_leakage_vs_per_a, reduced_height,
    unit_resistance_ohm,
};

/// Mean diameter of the two rotor bearings, m (6208), their base oil at running temperature, m²/s,
/// and the radial load of each beside the rotor's weight, N (magnetic pull, preload): assumed.
const BEARING_DIAMETER_M: f64 = 0.060;
const BEARING_OIL_M2_PER_S: f64 = 30e-6;
const BEARING_EXTRA_LOAD_N: f64 = 100.0;

/// A machine variant.
#[derive(Clone, Debug)]
pub struct Machine<'a> {
    /// Its section.
    pub tables: &'a SectionTables,
    /// Stack length, m.
    pub stack_m: f64,
    /// Winding.
    pub winding: Winding,
    /// How it is built.
    pub build: Build,
    /// Its end turns.
    pub end: EndTurn,
    /// Conductor layers in a slot.
    layers: Layers,
    /// AC loss of the slot's conductors in fields from elsewhere.
    proximity: Proximity,
    /// End-winding leakage over k² and stack length, V·s/(A·m).
    pub(crate) leakage_per_m: f64,
    /// Loss of the segmented over that of the unsegmented magnet.
    magnet_factor: f64,
    /// Rotor mass that the bearings carry, kg.
    rotor_mass_kg: f64,
}

/// What depends on speed and winding temperature alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeedState {
    /// Motor speed, rad/s.
    pub speed_rad_per_s: f64,
    /// Electrical angular frequency, rad/s.
    pub electrical_rad_per_s: f64,
    /// Slot resistance with what the conductors lose in their own field, over k² and stack length, Ω/m.
    pub slot_resistance_per_m: f64,
    /// End-winding resistance over k² and stack length, Ω/m.
    pub end_resistance_per_m: f64,
    /// Windage, W.
    pub windage_w: f64,
    /// Bearing friction torque, N·m.
    pub bearing_nm: f64,
    /// Winding temperature of the resistances, K.
    pub winding_temperature_k: f64,
    /// Loss of a slot's conductor in its own field over its DC loss.
    pub own_field_factor: f64,
    proximity: ProximityFactors,
    factors: FrequencyFactors,
}

impl SpeedState {
    /// Resistance of slots and end windings over k² and stack length, Ω/m.
    #[must_use]
    pub fn resistance_per_m(&self) -> f64 {
        self.slot_resistance_per_m + self.end_resistance_per_m
    }
}

/// Losses of the machine by part, W.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MachineLoss {
    /// Copper in the slots with its AC part.
    pub slot_copper_w: f64,
    /// Of it, what conductors lose in fields from elsewhere.
    pub proximity_w: f64,
    /// Copper of the end windings.
    pub end_copper_w: f64,
    /// Stator lamination, with build factor.
    pub stator_iron_w: f64,
    /// Rotor lamination, with build factor.
    pub rotor_iron_w: f64,
    /// Magnets, segmented, with build factor.
    pub magnet_w: f64,
    /// Windage.
    pub windage_w: f64,
    /// Bearings.
    pub bearing_w: f64,
}

impl MachineLoss {
    /// Winding, W.
    #[must_use]
    pub fn copper_w(&self) -> f64 {
        self.slot_copper_w + self.end_copper_w
    }

    /// Laminations, W.
    #[must_use]
    pub fn iron_w(&self) -> f64 {
        self.stator_iron_w + self.rotor_iron_w
    }

    /// Bearings and windage, W.
    #[must_use]
    pub fn mechanical_w(&self) -> f64 {
        self.windage_w + self.bearing_w
    }

    /// All losses, W.
    #[must_use]
    pub fn total_w(&self) -> f64 {
        self.copper_w() + self.iron_w() + self.magnet_w + self.mechanical_w()
    }
}

impl<'a> Machine<'a> {
    /// A machine of a section.
    ///
    /// # Errors
    /// A stack, winding or build that no machine has.
    pub fn new(
        tables: &'a SectionTables,
        stack_m: f64,
        winding: Winding,
        build: Build,
    ) -> Result<Self, DriveError> {
        positive("stack length in m", stack_m)?;
        positive(
            "conductors per slot",
            f64::from(winding.conductors_per_slot),
        )?;
        positive("parallel paths", f64::from(winding.parallel_paths))?;
        build.check()?;
        let facts = &tables.facts;
        let end = EndTurn::new(facts, build.end_turn_factor);
        let layers = Layers::new(facts, &build, winding.conductors_per_slot);
        check_conductor(facts, &build, &layers, winding)?;
        let rotor_steel = facts.rotor_iron_area_m2 * tables.steel_density_kg_per_m3;
        let magnets = facts.magnet_area_m2 * tables.magnet_density_kg_per_m3;
        Ok(Self {
            tables,
            stack_m,
            winding,
            build,
            end,
            proximity: Proximity::new(&tables.slot_fields, facts, &build, &layers)?,
            layers,
            leakage_per_m: end_leakage_vs_per_a(facts, &end) / stack_m,
            magnet_factor: build.magnet_build_factor
                * segmentation(stack_m, build.magnet_segment_m, facts.magnet_width_m),
            rotor_mass_kg: stack_m * (rotor_steel + magnets),
        })
    }

    /// Conductors per slot over parallel paths, k.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.winding.ratio()
    }

    /// Stack length, mm, as configurations name it.
    #[must_use]
    pub fn stack_mm(&self) -> u32 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let mm = (self.stack_m * 1e3).round() as u32;
        mm
    }

    /// DC resistance of a phase of the star that behaves alike at the terminals, Ω: half of that between two of
    /// them. A phase in delta has three times as much.
    #[must_use]
    pub fn phase_resistance_ohm(&self, winding_temperature_k: f64) -> f64 {
        let length = self.stack_m + self.end.length_m;
        let rho = copper_resistivity_ohm_m(winding_temperature_k);
        let unit = unit_resistance_ohm(&self.tables.facts, self.build.copper_fill, length, rho);
        unit * self.ratio().powi(2)
    }

    /// What a speed and a winding temperature decide.
    #[must_use]
    pub fn at_speed(&self, speed_rad_per_s: f64, winding_temperature_k: f64) -> SpeedState {
        let facts = &self.tables.facts;
        let electrical_rad_per_s = speed_rad_per_s * f64::from(facts.pole_pairs);
        let frequency_hz = electrical_rad_per_s / (2.0 * std::f64::consts::PI);
        let rho = copper_resistivity_ohm_m(winding_temperature_k);
        let resistance = |length| unit_resistance_ohm(facts, self.build.copper_fill, length, rho);
        let Layers {
            height_m,
            width_share,
            ..
        } = self.layers;
        let own = own_field_factor(reduced_height(height_m, frequency_hz, rho, width_share));
        let drum = Drum {
            radius_m: facts.rotor_outer_radius_m,
            length_m: self.stack_m,
            gap_m: facts.stator_bore_radius_m - facts.rotor_outer_radius_m,
        };
        let bearing =
            BearingAtSpeed::new(BEARING_DIAMETER_M, BEARING_OIL_M2_PER_S, speed_rad_per_s);
        let bearing_load_n = 0.5 * self.rotor_mass_kg * 9.81 + BEARING_EXTRA_LOAD_N;
        SpeedState {
            speed_rad_per_s,
            electrical_rad_per_s,
            slot_resistance_per_m: resistance(1.0) * own,
            own_field_factor: own,
            end_resistance_per_m: resistance(self.end.length_m) / self.stack_m,
            windage_w: windage_in_air_w(drum, speed_rad_per_s),
            bearing_nm: 2.0 * bearing.torque_nm(bearing_load_n),
            winding_temperature_k,
            proximity: self.proximity.factors(electrical_rad_per_s, rho),
            factors: self.tables.losses.factors(frequency_hz),
        }
    }

    /// Losses at a point of the unit map.
    #[must_use]
    pub fn loss(&self, point: &UnitPoint, state: &SpeedState) -> MachineLoss {
        let losses = &self.tables.losses;
        let place = losses.place(point.i_d_a, point.i_q_a);
        let core = losses.at(place, state.factors);
        let squared = 1.5 * (point.i_d_a * point.i_d_a + point.i_q_a * point.i_q_a) * self.stack_m;
        let iron = self.build.iron_build_factor * self.stack_m;
        let proximity_w = self.stack_m * self.proximity.at(place, state.proximity);
        MachineLoss {
            slot_copper_w: state.slot_resistance_per_m * squared + proximity_w,
            proximity_w,
            end_copper_w: state.end_resistance_per_m * squared,
            stator_iron_w: iron * core.stator_w_per_m,
            rotor_iron_w: iron * core.rotor_w_per_m,
            magnet_w: self.magnet_factor * self.stack_m * core.magnet_w_per_m,
            windage_w: state.windage_w,
            bearing_w: state.bearing_nm * state.speed_rad_per_s,
        }
    }

    /// Classical eddy loss of the stator's lamination, without build factor, W.
    #[must_use]
    pub fn stator_classical_w(&self, point: &UnitPoint, state: &SpeedState) -> f64 {
        let losses = &self.tables.losses;
        let place = losses.place(point.i_d_a, point.i_q_a);
        self.stack_m * losses.stator_classical_w_per_m(place, state.factors)
    }

    /// [`Self::drag_nm`] at all currents of the map, for one speed.
    pub(crate) fn drag_table_nm(&self, state: &SpeedState) -> Vec<f64> {
        let losses = &self.tables.losses;
        if state.speed_rad_per_s == 0.0 {
            return vec![state.bearing_nm; losses.currents()];
        }
        let iron = self.build.iron_build_factor;
        let weights = CoreLoss {
            stator_w_per_m: iron,
            rotor_w_per_m: iron,
            magnet_w_per_m: self.magnet_factor,
        };
        let mut table = vec![0.0; losses.currents()];
        losses.add_to(&mut table, state.factors, weights);
        self.proximity.add_to(&mut table, state.proximity);
        let per_w = self.stack_m / state.speed_rad_per_s;
        let mechanical_nm = state.bearing_nm + state.windage_w / state.speed_rad_per_s;
        for drag_nm in &mut table {
            *drag_nm = *drag_nm * per_w + mechanical_nm;
        }
        table
    }

    /// Torque that iron, magnets, eddies in the conductors, bearings and windage take from the air-gap
    /// torque, N·m ≥ 0.
    ///
    /// All that the field induces is taken from the shaft, in the stator too: the field solution is
    /// magnetostatic, its currents carry no loss component.
    #[must_use]
    pub fn drag_nm(&self, point: &UnitPoint, state: &SpeedState) -> f64 {
        if state.speed_rad_per_s == 0.0 {
            return state.bearing_nm;
        }
        let loss = self.loss(point, state);
        let induced_w = loss.iron_w() + loss.magnet_w + loss.proximity_w;
        (induced_w + loss.mechanical_w()) / state.speed_rad_per_s
    }
}

/// Thinnest rectangular winding wire, m.
///
/// Source: IEC 60317-0-2, range of nominal thicknesses 0.80 to 5.60 mm.
const THINNEST_BAR_M: f64 = 0.8e-3;

/// Refuses conductors too thin to be wound: bars below the thinnest wire, or less copper than one strand.
fn check_conductor(
    facts: &SectionFacts,
    build: &Build,
    layers: &Layers,
    winding: Winding,
) -> Result<(), DriveError> {
    let refused = |what, value, allowed| {
        Err(DriveError::OutOfRange {
            what,
            value,
            allowed,
        })
    };
    match build.conductor {
        Conductor::Hairpin if layers.height_m < THINNEST_BAR_M => refused(
            "copper height of a hairpin in mm",
            (layers.height_m * 1e5).round() * 1e-2,
            "at least 0.8, the thinnest rectangular winding wire: fewer conductors per slot",
        ),
        Conductor::Strands(diameter_m) => {
            let strand_m2 = 0.25 * std::f64::consts::PI * diameter_m * diameter_m;
            let copper_m2 = build.copper_fill * facts.slot_area_m2;
            let strands = copper_m2 / strand_m2 / f64::from(winding.conductors_per_slot);
            if strands >= 1.0 {
                return Ok(());
            }
            let allowed = "at least 1: fewer conductors per slot";
            refused(
                "strands in a conductor",
                (strands * 1e2).round() * 1e-2,
                allowed,
            )
        }
        Conductor::Hairpin => Ok(()),
    }
}

/// Loss of magnets in axial segments over that of an endless magnet: L²/(L² + W²) with segment
/// length L and width W (±20 %).
fn segmentation(stack_m: f64, longest_m: f64, width_m: f64) -> f64 {
    let length = stack_m / (stack_m / longest_m).ceil();
    length * length / (length * length + width_m * width_m)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Check values for a 150 x 20 mm magnet in 1, 2, 4, 8 segments.
    #[test]
    fn segmentation_reaches_the_check_values() {
        for (segments, expected) in [(1.0, 0.983), (2.0, 0.934), (4.0, 0.779), (8.0, 0.468)] {
            let factor = segmentation(0.150, 0.150 / segments + 1e-9, 0.020);
            assert!((factor - expected).abs() < 1e-3, "{segments}: {factor}");
        }
    }
}
