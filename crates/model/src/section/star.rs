//! The star of slots: which phase lies in which slot, and which part of a machine repeats.
//!
//! The EMF of a coil that begins in slot k has the phase p·k/Q of a turn, p pole pairs and Q slots.
//! Six equal sectors of the turn belong to the phases a, −c, b, −a, c, −b in this order. With integer
//! slots per pole and phase these are the belts of 60°; with fractional ones they pick the coils of a
//! phase from different pole pairs.
//!
//! Source: Bianchi & Dai Prè 2006, IEE Proc. Electric Power Applications 153, 459,
//! doi:10.1049/ip-epa:20050284.

use super::{Section, SectionFault, SlotWinding};

/// Slots per pole: tooth coils have half a slot and more, distributed windings up to q = 6.
const SLOTS_PER_POLE: [f64; 2] = [0.5, 18.0];

/// The smallest part of a machine after which slots, windings and magnets repeat: with the same sign
/// after an even number of poles, with the opposite one after an odd number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sector {
    /// Poles in the sector.
    pub poles: u32,
    /// Slots in the sector.
    pub slots: u32,
}

impl Sector {
    /// Several sectors as one.
    #[must_use]
    pub fn times(self, n: u32) -> Self {
        Self {
            poles: n * self.poles,
            slots: n * self.slots,
        }
    }

    /// Slots per pole, whole or not.
    #[must_use]
    pub fn slots_per_pole(self) -> f64 {
        f64::from(self.slots) / f64::from(self.poles)
    }

    /// Sign with which the field repeats after the sector.
    #[must_use]
    pub fn sign(self) -> f64 {
        if self.poles.is_multiple_of(2) {
            1.0
        } else {
            -1.0
        }
    }
}

/// Phase (0, 1, 2 for a, b, c) and direction (1 or −1) of a coil side.
pub type Side = (usize, f64);

/// A three-phase winding of equal coils.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StarOfSlots {
    slots: u32,
    pole_pairs: u32,
    layers: u32,
    coil_pitch: u32,
}

impl StarOfSlots {
    /// The winding of a stator; sensible once [`StarOfSlots::check`] accepts it.
    #[must_use]
    pub fn new(slots: u32, pole_pairs: u32, layers: u32, coil_pitch: u32) -> Self {
        Self {
            slots,
            pole_pairs,
            layers,
            coil_pitch,
        }
    }

    /// Both coil sides of a slot, counted from the beginning of the sector: in two layers that of the
    /// coil which begins here, then that of the coil which ends here; in one layer twice the same.
    #[must_use]
    pub fn sides(&self, slot: u32) -> [Side; 2] {
        let first = self.belt(i64::from(slot));
        let (phase, sign) = self.belt(i64::from(slot) - i64::from(self.coil_pitch));
        let last = (phase, -sign);
        if self.layers == 2 {
            [first, last]
        } else if self.begins_in_even_slots() && !slot.is_multiple_of(2) {
            [last; 2]
        } else {
            [first; 2]
        }
    }

    fn belt(&self, slot: i64) -> Side {
        const BELTS: [Side; 6] = [
            (0, 1.0),
            (2, -1.0),
            (1, 1.0),
            (0, -1.0),
            (2, 1.0),
            (1, -1.0),
        ];
        let slots = i64::from(self.slots);
        let phase = (i64::from(self.pole_pairs) * slot).rem_euclid(slots);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let belt = (6 * phase / slots) as usize;
        BELTS[belt]
    }

    /// In one layer, coils of an odd pitch begin in even slots and end in odd ones.
    fn begins_in_even_slots(&self) -> bool {
        self.layers == 1 && !self.coil_pitch.is_multiple_of(2)
    }

    /// The smallest part that repeats.
    #[must_use]
    pub fn sector(&self) -> Sector {
        let parts = gcd(self.slots, 2 * self.pole_pairs).max(1);
        let sector = Sector {
            poles: 2 * self.pole_pairs / parts,
            slots: self.slots / parts,
        };
        let whole_pole = sector.poles == 1;
        if self.begins_in_even_slots() && !whole_pole && !sector.slots.is_multiple_of(2) {
            sector.times(2)
        } else {
            sector
        }
    }

    /// Slots by which the same winding lies 240 electrical degrees further on, phases exchanged.
    #[must_use]
    pub fn slots_in_240_degrees(&self) -> u32 {
        let (slots, step) = (self.slots, 1 + u32::from(self.begins_in_even_slots()));
        (0..slots)
            .step_by(step as usize)
            .find(|n| 3 * (self.pole_pairs * n % slots) == 2 * slots)
            .unwrap_or(0)
    }

    /// Whether three equal phases, 120° apart, can be made of the coils: their EMFs point into
    /// a number of directions that is a multiple of three.
    fn is_balanced(slots: u32, pole_pairs: u32, layers: u32) -> bool {
        if layers == 2 {
            return (slots / gcd(slots, pole_pairs).max(1)).is_multiple_of(3);
        }
        let coils = slots / 2;
        slots.is_multiple_of(2) && (coils / gcd(coils, pole_pairs).max(1)).is_multiple_of(3)
    }

    /// Refuses a winding that is not balanced, or whose coils do not fit its slots.
    ///
    /// # Errors
    /// The first fault, with its key and what is allowed.
    pub fn check(&self) -> Result<(), SectionFault> {
        self.check_slots()?;
        self.check_layers()?;
        self.check_pitch()
    }

    fn check_slots(&self) -> Result<(), SectionFault> {
        let poles = 2 * self.pole_pairs;
        let per_pole = f64::from(self.slots) / f64::from(poles);
        let [least, most] = SLOTS_PER_POLE.map(|n| n * f64::from(poles));
        if !(SLOTS_PER_POLE[0]..=SLOTS_PER_POLE[1]).contains(&per_pole) {
            return Err(SectionFault::new(
                "slots",
                format!(
                    "{} slots with {poles} poles are {per_pole:.2} per pole",
                    self.slots
                ),
                format!("from {least} slots, half a slot per pole, to {most}, q = 6"),
            ));
        }
        if Self::is_balanced(self.slots, self.pole_pairs, 2) {
            return Ok(());
        }
        Err(SectionFault::new(
            "slots",
            self.unbalanced(),
            self.others(2),
        ))
    }

    fn check_layers(&self) -> Result<(), SectionFault> {
        let place = "winding.layers";
        if !(1..=2).contains(&self.layers) {
            let message = format!("{} layers", self.layers);
            return Err(SectionFault::new(place, message, "1 or 2"));
        }
        if Self::is_balanced(self.slots, self.pole_pairs, self.layers) {
            return Ok(());
        }
        let message = format!("{} in one layer", self.unbalanced());
        let hint = format!("layers = 2; or {} in one layer", self.others(1));
        Err(SectionFault::new(place, message, hint))
    }

    fn unbalanced(&self) -> String {
        format!(
            "{} slots with {} poles and 3 phases have no balanced winding",
            self.slots,
            2 * self.pole_pairs
        )
    }

    /// The nearest numbers of slots that can be wound.
    fn others(&self, layers: u32) -> String {
        let fits = |slots: &u32| Self::is_balanced(*slots, self.pole_pairs, layers);
        let least = self.pole_pairs.max(3);
        let below = (least..self.slots).rev().find(fits);
        let above = (self.slots + 1..=36 * self.pole_pairs).find(fits);
        let numbers: Vec<String> = [below, above]
            .iter()
            .flatten()
            .map(u32::to_string)
            .collect();
        format!(
            "use {} slots with {} poles",
            numbers.join(" or "),
            2 * self.pole_pairs
        )
    }

    fn check_pitch(&self) -> Result<(), SectionFault> {
        let (place, poles) = ("winding.coil_pitch", 2 * self.pole_pairs);
        let (pole, whole) = (self.slots.div_ceil(poles), self.slots.is_multiple_of(poles));
        if self.coil_pitch == 0 || self.coil_pitch > pole {
            let message = format!("a coil pitch of {} slots", self.coil_pitch);
            let hint = if whole {
                format!("from 1 to the pole pitch of {pole} slots")
            } else {
                let pitch = f64::from(self.slots) / f64::from(poles);
                format!("from 1 to {pole} slots; the pole pitch is {pitch:.3}")
            };
            return Err(SectionFault::new(place, message, hint));
        }
        let integer = self.slots.is_multiple_of(6 * self.pole_pairs);
        if self.layers == 1 && integer && self.coil_pitch != pole {
            let hint =
                format!("a single layer has full pitch, {pole} slots here; or use layers = 2");
            let message = "a short pitch needs two layers";
            return Err(SectionFault::new(place, message, hint));
        }
        if self.layers == 1 && !integer && self.coil_pitch.is_multiple_of(2) {
            let message = format!("a coil pitch of {} slots in one layer", self.coil_pitch);
            let hint = "an odd one, from even to odd slots; or use layers = 2";
            return Err(SectionFault::new(place, message, hint));
        }
        Ok(())
    }
}

impl Section {
    /// Which phase lies in which slot.
    #[must_use]
    pub fn star(&self) -> StarOfSlots {
        let SlotWinding {
            layers, coil_pitch, ..
        } = self.winding;
        StarOfSlots::new(self.slots, self.pole_pairs, layers, coil_pitch)
    }

    /// The smallest part that repeats.
    #[must_use]
    pub fn sector(&self) -> Sector {
        self.star().sector()
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn star(slots: u32, poles: u32, layers: u32, coil_pitch: u32) -> StarOfSlots {
        StarOfSlots::new(slots, poles / 2, layers, coil_pitch)
    }

    /// Phasors of the phases, and the fundamental winding factor of the first, over the whole machine.
    fn phasors(star: StarOfSlots) -> ([[f64; 2]; 3], f64) {
        let (mut sum, mut conductors) = ([[0.0; 2]; 3], 0.0);
        for slot in 0..star.slots {
            let angle = TAU * f64::from(star.pole_pairs * slot) / f64::from(star.slots);
            for (phase, sign) in star.sides(slot) {
                sum[phase][0] += 0.5 * sign * angle.cos();
                sum[phase][1] += 0.5 * sign * angle.sin();
                conductors += if phase == 0 { 0.5 } else { 0.0 };
            }
        }
        (sum, sum[0][0].hypot(sum[0][1]) / conductors)
    }

    /// Fundamental winding factors as published; to three digits.
    ///
    /// Two layers of tooth coils: El-Refaie 2010, IEEE Trans. Ind. Electron. 57, 107,
    /// doi:10.1109/TIE.2009.2030211. One layer: Bianchi & Dai Prè 2006. Distributed windings by
    /// k_w = sin(π/6) / (z sin(π/(6 z))) · sin(y/τ · π/2), z directions of a phase's EMFs: Pyrhönen, Jokinen & Hrabovcová 2014,
    /// Design of Rotating Electrical Machines, section 2.
    #[test]
    fn winding_factors_are_the_published_ones() {
        for (slots, poles, layers, pitch, published) in [
            (12, 10, 2, 1, 0.933),
            (12, 14, 2, 1, 0.933),
            (12, 8, 2, 1, 0.866),
            (9, 6, 2, 1, 0.866),
            (9, 8, 2, 1, 0.945),
            (9, 10, 2, 1, 0.945),
            (18, 16, 2, 1, 0.945),
            (24, 22, 2, 1, 0.949),
            (12, 10, 1, 1, 0.966),
            (12, 8, 1, 1, 0.866),
            (24, 22, 1, 1, 0.958),
            (27, 6, 2, 4, 0.945),
            (36, 8, 2, 4, 0.945),
            (48, 10, 2, 4, 0.923),
            (48, 10, 2, 5, 0.954),
            (48, 8, 1, 6, 0.966),
            (48, 8, 2, 5, 0.933),
        ] {
            let star = star(slots, poles, layers, pitch);
            star.check().unwrap();
            let (_, factor) = phasors(star);
            assert!(
                (factor - published).abs() < 6e-4,
                "{slots}/{poles}, {layers} layers: {factor}"
            );
        }
    }

    fn all() -> impl Iterator<Item = StarOfSlots> {
        (1..=10).flat_map(|pole_pairs| {
            (3..=72).flat_map(move |slots| {
                (1..=2).flat_map(move |layers| {
                    (1..=7).map(move |pitch| StarOfSlots::new(slots, pole_pairs, layers, pitch))
                })
            })
        })
    }

    /// Whatever is accepted is symmetric: three equal phases, the second 120° behind the first.
    #[test]
    fn every_accepted_winding_is_balanced() {
        let mut accepted = 0;
        for star in all().filter(|s| s.check().is_ok()) {
            let ([a, b, c], factor) = phasors(star);
            assert!(factor > 0.05, "{star:?} {factor}");
            let (cos, sin) = (-0.5, 0.75_f64.sqrt());
            let turned = |[x, y]: [f64; 2], sin: f64| [cos * x - sin * y, cos * y + sin * x];
            for (phase, expected) in [(b, turned(a, sin)), (c, turned(a, -sin))] {
                let off = f64::hypot(phase[0] - expected[0], phase[1] - expected[1]);
                assert!(off < 1e-9, "{star:?}: {a:?} {b:?} {c:?}");
            }
            accepted += 1;
        }
        assert!(accepted > 500, "{accepted}");
    }

    #[test]
    fn sector_and_240_degrees_carry_the_winding_over() {
        for star in all().filter(|s| s.check().is_ok()) {
            let Sector { poles, slots } = star.sector();
            assert_eq!(poles * star.slots, slots * 2 * star.pole_pairs, "{star:?}");
            let sign = star.sector().sign();
            let far = star.slots_in_240_degrees();
            for k in 0..star.slots {
                let here = star.sides(k);
                let repeated = here.map(|(phase, s)| (phase, sign * s));
                assert_eq!(star.sides(k + slots), repeated, "{star:?} {k}");
                // 240 degrees on, the phase a is c, b is a, c is b.
                let exchanged = here.map(|(phase, s)| ((phase + 2) % 3, s));
                assert_eq!(star.sides(k + far), exchanged, "{star:?} {k}");
            }
        }
    }

    #[test]
    fn sectors_are_the_smallest() {
        for (slots, poles, layers, pitch, expected) in [
            (48, 8, 1, 6, (1, 6)),
            (18, 6, 1, 3, (1, 3)),
            (12, 10, 2, 1, (5, 6)),
            (12, 10, 1, 1, (5, 6)),
            (12, 8, 2, 1, (2, 3)),
            (12, 8, 1, 1, (4, 6)),
            (9, 8, 2, 1, (8, 9)),
            (27, 6, 2, 4, (2, 9)),
            (48, 10, 2, 5, (5, 24)),
        ] {
            let Sector { poles: p, slots: s } = star(slots, poles, layers, pitch).sector();
            assert_eq!((p, s), expected, "{slots}/{poles}");
        }
    }

    #[test]
    fn impossible_windings_say_what_is_allowed() {
        for (star, place, parts) in [
            (
                star(50, 8, 2, 6),
                "slots",
                ["50 slots with 8 poles and 3 phases", "48 or 51 slots"],
            ),
            (
                star(12, 6, 2, 2),
                "slots",
                ["12 slots with 6 poles", "9 or 18 slots"],
            ),
            (
                star(6, 14, 2, 1),
                "slots",
                ["0.43 per pole", "from 7 slots"],
            ),
            (
                star(9, 8, 1, 1),
                "winding.layers",
                [
                    "balanced winding in one layer",
                    "layers = 2; or use 6 or 12 slots",
                ],
            ),
            (
                star(12, 10, 2, 3),
                "winding.coil_pitch",
                [
                    "coil pitch of 3",
                    "from 1 to 2 slots; the pole pitch is 1.2",
                ],
            ),
            (
                star(18, 4, 1, 4),
                "winding.coil_pitch",
                ["4 slots in one layer", "an odd one"],
            ),
            (star(12, 10, 3, 1), "winding.layers", ["3 layers", "1 or 2"]),
        ] {
            let fault = star.check().unwrap_err();
            assert_eq!(fault.place, place, "{fault} {}", fault.hint);
            assert!(fault.message.contains(parts[0]), "{fault}");
            assert!(fault.hint.contains(parts[1]), "{}", fault.hint);
        }
    }
}
