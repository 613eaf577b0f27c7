//! What a machine looks like 60 electrical degrees later: as it does now, at another place.
//!
//! 240° further on round the stator lies the same winding with its phases exchanged, whatever the
//! number of slots; so at e + 240° it sees from there what it sees from here at e. After 180° every
//! current and every magnet has the opposite sign. Both together: what slot k sees at e + 60° is, with
//! the opposite sign, what slot k − n sees at e, n slots being 240°. The rotor goes on by 60° meanwhile,
//! and so by an odd number of poles less: what pole j sees at e + 60° is what pole j − u sees at e, each
//! in its own axes with its own magnets taken as positive.
//!
//! So the period of torque, ψ_d and ψ_q is 60° in every balanced three-phase machine. The rotor of one
//! with integer slots per pole and phase sees that period too; in other ones it sees a longer one, that
//! of the subharmonics.

use codrive_model::section::{Section, Sector};

/// The mapping of a sector's slots and poles by 60 electrical degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sixth {
    sector: Sector,
    /// Slots in 240°.
    slots: i64,
    /// Poles that the rotor falls back in them.
    poles: i64,
}

impl Sixth {
    /// The mapping of a section's sector.
    #[must_use]
    pub fn new(section: &Section, sector: Sector) -> Self {
        let slots = section.star().slots_in_240_degrees();
        let whole_turns = section.pole_pairs * slots / section.slots.max(1);
        Self {
            sector,
            slots: slots.into(),
            poles: i64::from(2 * whole_turns + 1),
        }
    }

    /// Slot and sign that show now what `slot` sees `sixths` later.
    #[must_use]
    #[allow(
        clippy::cast_possible_wrap,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    pub fn slot(&self, slot: usize, sixths: usize) -> (usize, f32) {
        let from = slot as i64 - sixths as i64 * self.slots;
        let slots = i64::from(self.sector.slots);
        let turns = from.div_euclid(slots) * i64::from(self.sector.poles) + sixths as i64;
        let sign = if turns % 2 == 0 { 1.0 } else { -1.0 };
        (from.rem_euclid(slots) as usize, sign)
    }

    /// Pole that sees now what `pole` sees `sixths` later.
    #[must_use]
    #[allow(
        clippy::cast_possible_wrap,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    pub fn pole(&self, pole: usize, sixths: usize) -> usize {
        let from = pole as i64 - sixths as i64 * self.poles;
        from.rem_euclid(i64::from(self.sector.poles)) as usize
    }

    /// Sixths after which the rotor sees the same again.
    #[must_use]
    pub fn rotor_period(&self) -> usize {
        let poles = self.sector.poles as usize;
        (1..=poles).find(|n| self.pole(0, *n) == 0).unwrap_or(1)
    }

    /// Poles of the sector of which none sees later what another one sees now; the first ones.
    #[must_use]
    pub fn different_poles(&self) -> usize {
        self.sector.poles as usize / self.rotor_period()
    }

    /// Slots of the sector of which none sees later what another one sees now; the first ones.
    #[must_use]
    pub fn different_slots(&self) -> usize {
        self.sector.slots as usize / 3
    }
}
