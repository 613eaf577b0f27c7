//! Random section files of every template, sound by construction, and ways to break them.
//!
//! What makes a design sound is decided here by plain trigonometry with margins, not by the code
//! under test. Lengths are in mm.

mod broken;
mod magnets;

pub(crate) use broken::breakage;

use std::fmt::Write;

/// Random numbers that are the same everywhere (Marsaglia's xorshift, 2003).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Between two values.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of `n` cases.
    pub(crate) fn case(&mut self, n: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % n
    }
}

/// Keys with their values as written, under one table header.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) header: String,
    pub(crate) keys: Vec<(String, String)>,
}

/// A section file as tables.
#[derive(Clone)]
pub(crate) struct Design {
    pub(crate) tables: Vec<Table>,
}

/// What of a design its magnets have to fit, mm and rad.
pub(crate) struct RotorRoom {
    pub(crate) radius: f64,
    pub(crate) half_pole: f64,
}

pub(crate) fn mm(value: f64) -> String {
    format!("\"{value:.5} mm\"")
}

pub(crate) fn deg(value_rad: f64) -> String {
    format!("\"{:.5} deg\"", value_rad.to_degrees())
}

pub(crate) fn table(header: &str, keys: &[(&str, String)]) -> Table {
    let keys = keys.iter().map(|(k, v)| ((*k).to_owned(), v.clone()));
    Table {
        header: header.to_owned(),
        keys: keys.collect(),
    }
}

impl Design {
    pub(crate) fn random(random: &mut Random) -> Self {
        let pole_pairs = 2 + random.case(7);
        let slots = slots(random, pole_pairs);
        let per_pole = slots.div_ceil(2 * pole_pairs);
        #[allow(clippy::cast_precision_loss)]
        let half_pitch = std::f64::consts::PI / slots as f64;
        // Slots of 4 to 14 mm pitch at the bore.
        let bore = (random.within(4.0, 14.0) / (2.0 * half_pitch)).max(20.0);
        // Magnets need poles of 12 mm.
        #[allow(clippy::cast_precision_loss)]
        let bore = bore.max(12.0 * pole_pairs as f64 / std::f64::consts::PI);
        let gap = random.within(0.4, 1.2).min(0.05 * bore);
        let (slot, bottom) = slot(random, bore, half_pitch);
        let yoke = random.within(0.05, 0.3) * bottom;
        let room = RotorRoom {
            radius: bore - gap,
            #[allow(clippy::cast_precision_loss)]
            half_pole: std::f64::consts::PI / (2.0 * pole_pairs as f64),
        };
        let (magnets, free_radius) = magnets::random(random, &room);
        let shaft = random.within(0.2, 0.95) * free_radius;
        let pitch = if random.case(2) == 0 {
            per_pole
        } else {
            (per_pole - 1).max(1)
        };
        let mut tables = vec![
            table(
                "",
                &[
                    ("schema", "1".into()),
                    ("id", "\"random\"".into()),
                    ("name", "\"Random\"".into()),
                    ("source", "\"test\"".into()),
                    ("pole_pairs", pole_pairs.to_string()),
                    ("slots", slots.to_string()),
                    ("steel", "\"M250-35A\"".into()),
                    ("stacking_factor", "\"97 %\"".into()),
                    ("magnet", "\"N42SH\"".into()),
                    ("magnet_temperature", "\"100 degC\"".into()),
                ],
            ),
            table(
                "[winding]",
                &[
                    ("conductor", "\"round\"".into()),
                    ("layers", "2".into()),
                    ("coil_pitch", pitch.to_string()),
                    ("copper_fill", "\"45 %\"".into()),
                ],
            ),
            table(
                "[stator]",
                &[
                    ("outer_diameter", mm(2.0 * (bottom + yoke))),
                    ("bore_diameter", mm(2.0 * bore)),
                ],
            ),
            slot,
            table(
                "[rotor]",
                &[
                    ("outer_diameter", mm(2.0 * room.radius)),
                    ("inner_diameter", mm(2.0 * shaft)),
                ],
            ),
        ];
        tables.extend(magnets);
        Self { tables }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for table in &self.tables {
            let _ = writeln!(text, "{}", table.header);
            for (key, value) in &table.keys {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        text
    }
}

/// Slots that can be wound in two layers: two thirds of the designs have q = 1 to 4, the others any
/// fraction with one slot per pole pair and more.
fn slots(random: &mut Random, pole_pairs: usize) -> usize {
    if random.case(3) > 0 {
        return 6 * pole_pairs * (1 + random.case(4));
    }
    loop {
        let slots = 6 + random.case(11 * pole_pairs);
        let common = (1..=pole_pairs)
            .filter(|n| slots.is_multiple_of(*n) && pole_pairs.is_multiple_of(*n))
            .max()
            .unwrap();
        if slots >= pole_pairs && (slots / common).is_multiple_of(3) {
            return slots;
        }
    }
}

/// A hairpin or trapezoid slot that leaves 35 % of the pitch as tooth, and its bottom radius.
fn slot(random: &mut Random, bore: f64, half_pitch: f64) -> (Table, f64) {
    let pitch_at = |radius: f64| 2.0 * radius * half_pitch.tan();
    let opening = random.within(0.1, 0.3) * pitch_at(bore);
    let height = random.within(0.06, 0.2) * pitch_at(bore);
    let wedge = if random.case(3) == 0 {
        0.0
    } else {
        random.within(0.06, 0.2) * pitch_at(bore)
    };
    let top_radius = bore + height + wedge;
    let top = random.within(0.35, 0.6) * pitch_at(top_radius);
    let depth = random.within(1.2, 4.0) * top;
    let bottom_radius = top_radius + depth;
    let mut keys = vec![
        ("opening_width", mm(opening)),
        ("opening_height", mm(height)),
        ("wedge_height", mm(wedge)),
    ];
    let header = if random.case(2) == 0 {
        keys.extend([("width", mm(top)), ("depth", mm(depth))]);
        "[stator.slot.hairpin]"
    } else {
        let bottom = random.within(0.35, 0.6) * pitch_at(bottom_radius);
        let round = match random.case(3) {
            0 => 0.0,
            1 => 0.5 * bottom,
            _ => random.within(0.1, 0.4) * bottom,
        };
        keys.extend([
            ("top_width", mm(top)),
            ("bottom_width", mm(bottom)),
            ("depth", mm(depth)),
            ("bottom_radius", mm(round.min(0.7 * depth))),
        ]);
        "[stator.slot.trapezoid]"
    };
    (table(header, &keys), bottom_radius)
}
