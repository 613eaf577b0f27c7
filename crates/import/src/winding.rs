//! The stator winding: layers, pitch, turns, paths, conductor.

use std::f64::consts::PI;

use codrive_model::machine::Connection;
use codrive_model::section::{Conductor, SlotWinding, StarOfSlots};

use crate::fault::Fault;
use crate::json::Node;
use crate::notes::Notes;

/// A winding as section and machine describe it.
pub(crate) struct Winding {
    /// What the section says.
    pub in_slot: SlotWinding,
    /// Conductors in one slot.
    pub conductors_per_slot: u32,
    /// Parallel paths of a phase.
    pub parallel_paths: u32,
    /// Star or delta.
    pub connection: Connection,
}

/// Reads the winding of a stator whose slots have this winding area.
pub(crate) fn read(
    stator: &Node,
    slots: u32,
    pole_pairs: u32,
    winding_area_m2: f64,
    notes: &mut Notes,
) -> Result<Winding, Fault> {
    let winding = stator.need("winding")?;
    let named = match winding.class()? {
        "Winding" | "WindingUD" => None,
        "WindingDW1L" => Some((1, false)),
        "WindingDW2L" => Some((2, false)),
        "WindingCW1L" => Some((1, true)),
        "WindingCW2LR" | "WindingCW2LT" => Some((2, true)),
        class => {
            return Err(winding.fault(
                format!("is a {class}, which codrive cannot read yet"),
                "it reads Winding, WindingUD, distributed windings WindingDW1L and WindingDW2L, \
                 tooth coils WindingCW1L, WindingCW2LR and WindingCW2LT",
            ));
        }
    };
    let phases = winding.count("qs", 1, 1000)?;
    if phases != 3 {
        let message = format!("is {phases}: codrive has three-phase windings only");
        return Err(winding.fault_at("qs", message, "3"));
    }
    let layers = match (winding.get("Nlayer"), named) {
        (Some(_), _) => winding.count("Nlayer", 1, 2)?,
        (None, Some((layers, _))) => layers,
        (None, None) => 1,
    };
    let coil_pitch = match named {
        Some((_, true)) => 1,
        _ => pitch(&winding, layers, [slots, 2 * pole_pairs], notes)?,
    };
    let star = StarOfSlots::new(slots, pole_pairs, layers, coil_pitch);
    star.check()
        .map_err(|fault| winding.fault(fault.message, fault.hint))?;
    let turns = winding.count("Ntcoil", 1, 400)?;
    let paths = if winding.get("Npcp").is_some() {
        "Npcp"
    } else {
        "Npcpp"
    };
    let parallel_paths = winding.count(paths, 1, 48)?;
    let conductors_per_slot = turns * layers;
    if let Some(table) = winding.get("wind_mat") {
        let ours = in_slots(star, slots);
        compare(&table, &ours, pole_pairs, notes)?;
    }
    let (conductor, copper_m2) = conductor(&winding, notes)?;
    Ok(Winding {
        in_slot: SlotWinding {
            conductor,
            layers,
            coil_pitch,
            copper_fill: fill(
                stator,
                &winding,
                f64::from(conductors_per_slot) * copper_m2,
                winding_area_m2,
                notes,
            )?,
        },
        conductors_per_slot,
        parallel_paths,
        connection: connection(&winding, notes)?,
    })
}

/// The coil pitch in slots; full pitch where the file leaves it to pyleecan, or in one layer of an
/// integer number of slots per pole and phase; the nearest that can be wound where full pitch is no
/// whole number.
fn pitch(
    winding: &Node,
    layers: u32,
    [slots, poles]: [u32; 2],
    notes: &mut Notes,
) -> Result<u32, Fault> {
    let given = match winding.get("coil_pitch") {
        Some(_) => winding.count("coil_pitch", 0, 1000)?,
        None => 0,
    };
    let full = (slots / poles).max(1);
    let integer = slots.is_multiple_of(3 * poles);
    if given == 0 {
        let odd_only = layers == 1 && !integer && full.is_multiple_of(2);
        return Ok(match odd_only {
            false => full,
            true if slots.is_multiple_of(poles) => full - 1,
            true => full + 1,
        });
    }
    if layers == 1 && integer {
        if given != full {
            notes.section(format!(
                "the file's single layer has a coil pitch of {given} slots; taken as full pitch, \
                 {full} slots"
            ));
        }
        return Ok(full);
    }
    Ok(given)
}

/// Conductors of each phase in each slot, whole slot = 1, as codrive winds them.
fn in_slots(star: StarOfSlots, slots: u32) -> Vec<[f64; 3]> {
    let slot = |k: u32| {
        let mut turns = [0.0; 3];
        for (phase, sign) in star.sides(k) {
            turns[phase] += 0.5 * sign;
        }
        turns
    };
    (0..slots).map(slot).collect()
}

/// Notes it if the connection table of the file is another winding than codrive's.
fn compare(
    table: &Node,
    ours: &[[f64; 3]],
    pole_pairs: u32,
    notes: &mut Notes,
) -> Result<(), Fault> {
    let mut theirs = vec![[0.0; 3]; ours.len()];
    for layer in table.items()? {
        for column in layer.items()? {
            let rows = column.items()?;
            if rows.len() != ours.len() {
                let message = format!("has {} slots, not {}", rows.len(), ours.len());
                return Err(column.fault(message, "a row for each slot"));
            }
            for (row, slot) in rows.iter().zip(&mut theirs) {
                let row = row.items()?;
                if row.len() != 3 {
                    return Err(table.fault("is not a table of three phases", "3 columns"));
                }
                for (value, phase) in row.iter().zip(slot) {
                    *phase += value.number(-1e4, 1e4)?;
                }
            }
        }
    }
    let full: f64 = theirs.iter().flatten().map(|c| c.abs()).sum();
    if full == 0.0 {
        return Err(table.fault("holds no conductor", "conductors per slot and phase"));
    }
    #[allow(clippy::cast_precision_loss)]
    let per_slot = full / theirs.len() as f64;
    for value in theirs.iter_mut().flatten() {
        *value /= per_slot;
    }
    if !same_winding(&theirs, ours) {
        notes.section(format!(
            "the connection table of the file (winding factor {:.3}) is not the winding of its \
             layers and pitch in 60 degree belts (winding factor {:.3}); the latter is taken",
            winding_factor(&theirs, pole_pairs),
            winding_factor(ours, pole_pairs)
        ));
    }
    Ok(())
}

/// Whether two windings differ only in where they begin, and in names and signs of the phases.
fn same_winding(a: &[[f64; 3]], b: &[[f64; 3]]) -> bool {
    let n = a.len();
    let matches = |shift: usize, phase_a: usize, phase_b: usize, sign: f64| {
        (0..n).all(|k| (a[(k + shift) % n][phase_a] - sign * b[k][phase_b]).abs() < 1e-6)
    };
    (0..n).any(|shift| {
        (0..3).all(|phase_a| {
            (0..3).any(|phase_b| {
                [1.0, -1.0]
                    .iter()
                    .any(|sign| matches(shift, phase_a, phase_b, *sign))
            })
        })
    })
}

/// Fundamental winding factor of the first phase.
fn winding_factor(winding: &[[f64; 3]], pole_pairs: u32) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let step = 2.0 * PI * f64::from(pole_pairs) / winding.len() as f64;
    let (mut x, mut y, mut sum, mut angle) = (0.0, 0.0, 0.0, 0.0_f64);
    for slot in winding {
        x += slot[0] * angle.cos();
        y += slot[0] * angle.sin();
        sum += slot[0].abs();
        angle += step;
    }
    f64::hypot(x, y) / f64::max(sum, f64::MIN_POSITIVE)
}

/// Kind of conductor, and the copper of one, m².
fn conductor(winding: &Node, notes: &mut Notes) -> Result<(Conductor, f64), Fault> {
    let conductor = winding.need("conductor")?;
    let strands = |key: &str| match conductor.get(key) {
        Some(_) => conductor.count(key, 1, 10_000).map(f64::from),
        None => Ok(1.0),
    };
    match conductor.class()? {
        "CondType11" => {
            let parallel = strands("Nwppc_rad")? * strands("Nwppc_tan")?;
            if parallel > 1.0 {
                notes.section(format!(
                    "{parallel} rectangular strands in parallel are taken as one bar"
                ));
            }
            let width = conductor.positive_length("Wwire")?;
            let height = conductor.positive_length("Hwire")?;
            Ok((Conductor::Hairpin, parallel * width * height))
        }
        "CondType12" => {
            let diameter = conductor.positive_length("Wwire")?;
            let area = PI / 4.0 * diameter * diameter;
            Ok((Conductor::Round, strands("Nwppc")? * area))
        }
        class => Err(conductor.fault(
            format!("is a {class}, which codrive cannot read yet"),
            "it reads CondType11 (rectangular) and CondType12 (round wire)",
        )),
    }
}

/// Copper over winding area, from the conductors or as imposed by `Ksfill`.
fn fill(
    stator: &Node,
    winding: &Node,
    copper_m2: f64,
    winding_area_m2: f64,
    notes: &mut Notes,
) -> Result<f64, Fault> {
    if let Some(imposed) = stator.get("Ksfill") {
        return imposed.number(0.01, 0.95);
    }
    let fill = copper_m2 / winding_area_m2;
    if fill > 0.95 {
        let message = format!("holds {:.0} % of the slot's area in copper", 100.0 * fill);
        return Err(winding.fault(message, "at most 95 %: fewer or smaller conductors"));
    }
    if fill < 0.001 {
        let message = format!("holds {:.4} % of the slot's area in copper", 100.0 * fill);
        return Err(winding.fault(message, "at least 0.1 %: are the wires in m?"));
    }
    if fill < 0.2 {
        notes.section(format!(
            "the conductors of the file fill only {:.1} % of the slot",
            100.0 * fill
        ));
    }
    Ok(fill)
}

fn connection(winding: &Node, notes: &mut Notes) -> Result<Connection, Fault> {
    let delta = if winding.get("is_wye").is_some() {
        !winding.flag("is_wye")?
    } else {
        match winding.get("type_connection") {
            None => false,
            Some(kind) => match kind.number(-1.0, 1.0)? {
                1.0 => true,
                0.0 => false,
                _ => {
                    notes.machine("the phases of the file are not connected; taken as star");
                    false
                }
            },
        }
    };
    Ok(if delta {
        Connection::Delta
    } else {
        Connection::Star
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn belts(slots: u32, slots_per_pole: u32, layers: u32, coil_pitch: u32) -> Vec<[f64; 3]> {
        let pole_pairs = slots / (2 * slots_per_pole);
        in_slots(
            StarOfSlots::new(slots, pole_pairs, layers, coil_pitch),
            slots,
        )
    }

    /// q = 2, full pitch: 0.966. One slot per phase of a q = 2 machine next to the other: 0.707.
    #[test]
    fn winding_factors_are_those_of_the_textbook() {
        assert!((winding_factor(&belts(48, 6, 1, 6), 4) - 0.9659).abs() < 1e-4);
        assert!((winding_factor(&belts(72, 9, 1, 9), 4) - 0.9598).abs() < 1e-4);
        let tooth_coils = in_slots(StarOfSlots::new(12, 5, 2, 1), 12);
        assert!((winding_factor(&tooth_coils, 5) - 0.9330).abs() < 1e-4);
        let short = winding_factor(&belts(48, 6, 2, 5), 4);
        assert!((short - 0.9659 * 0.9659).abs() < 1e-3, "{short}");
    }

    #[test]
    fn a_winding_is_the_same_wherever_it_begins() {
        let ours = belts(48, 6, 1, 6);
        let mut theirs = ours.clone();
        theirs.rotate_left(5);
        for slot in &mut theirs {
            slot.swap(1, 2);
        }
        assert!(same_winding(&theirs, &ours));
        theirs.swap(0, 2);
        assert!(!same_winding(&theirs, &ours));
        assert!(!same_winding(&belts(48, 6, 2, 5), &ours));
    }
}
