//! The chosen drive units: facts, efficiency, losses.

use codrive_model::summary::ChosenUnit;
use codrive_model::unit::{Boundary, PowerDensity};

use crate::context::{Context, by_vehicle};
use crate::number::{self, rpm};
use crate::page::{self, Section, datum};
use crate::svg::escape;
use crate::{efficiency_map, loss_split};

/// Every chosen unit with its maps.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    if context.data.units.is_empty() {
        return None;
    }
    let mut body = page::paragraph(
        "Efficiency is power out over power in, in the direction in which power flows: DC terminals \
         to axle above zero torque, axle to DC terminals below. The colours end at the peak \
         envelope because the unit does. Point at a map to read the value under the cursor. A unit's letters \
         follow from its modules alone: the same unit has the same name in every report.",
    );
    for index in 0..context.data.units.len() {
        body += &unit_markup(context, index);
    }
    let title = "The drive units".to_owned();
    Some(Section {
        id: "units",
        title,
        body,
    })
}

/// The axles that a unit drives; where the data know them by name only, that name.
fn serves(context: &Context<'_>, index: usize) -> String {
    let names: Vec<String> = by_vehicle(context.axles_of(index))
        .into_iter()
        .map(|(_, name)| name)
        .collect();
    if names.is_empty() {
        context.data.units[index].serves.join(" · ")
    } else {
        names.join(" · ")
    }
}

fn unit_markup(context: &Context<'_>, index: usize) -> String {
    let unit = &context.data.units[index];
    let serves = escape(&serves(context, index));
    let volts = number::with_unit(unit.unit.axle.dc_voltage_v, 0, "V");
    let mut out = format!(
        "<h3>{}</h3><p class=\"note\">Drives {serves}. Figures and maps at {volts} DC, the voltage under \
         load of the first car named.</p>",
        escape(&unit.name)
    );
    out += &facts(unit);
    let best = number::percent(efficiency_map::best(unit), 1);
    if let Some(picture) = efficiency_map::picture(unit) {
        out += &page::figure(
            &picture,
            &format!(
                "{}: efficiency from DC terminals to axle at {volts}, the voltage under load of the \
             first car named (what the unit gives at the others' voltages is drawn with the requirements); best {best}. Solid: peak (short-time) envelope; dashed: continuous. White tiles: mechanical energy of the WLTC of all axles that the \
             unit drives, area in proportion to energy.",
                unit.name
            ),
        );
    }
    if let Some(picture) = efficiency_map::stages(unit) {
        out += &page::figure(
            &picture,
            &format!(
                "{}: efficiency of its three modules over the same axle speed and torque, at {volts}; the \
             product of the three is the map above.",
                unit.name
            ),
        );
    }
    if let Some(picture) = loss_split::picture(&unit.unit.axle, &unit.name) {
        out += &page::figure(
            &picture.inline(),
            &format!(
                "{}: losses by origin at a constant fraction of the peak envelope, motoring, at {volts}. \
             The torque follows the envelope, so it falls with speed in field weakening.",
                unit.name
            ),
        );
    }
    out
}

fn facts(chosen: &ChosenUnit) -> String {
    let cells: String = module_facts(chosen)
        .into_iter()
        .chain(output_facts(chosen))
        .chain(mass_facts(chosen))
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>"))
        .collect();
    format!("<dl class=\"facts\">{cells}</dl>")
}

/// Name and markup of one fact.
type Fact = (&'static str, String);

fn module_facts(chosen: &ChosenUnit) -> Vec<Fact> {
    let unit = &chosen.unit;
    let machine = &unit.configuration.machine;
    let stack = f64::from(machine.stack_mm);
    vec![
        ("Section", escape(&machine.section)),
        ("Stack", datum(stack, &number::with_unit(stack, 0, "mm"))),
        (
            "Turns in series",
            datum(unit.turns, &number::turns(unit.turns)),
        ),
        ("Inverter", escape(&unit.configuration.inverter)),
        ("Gear set", escape(&unit.configuration.gear_set)),
        (
            "Ratio",
            datum(unit.gear_ratio, &number::fixed(unit.gear_ratio, 2)),
        ),
    ]
}

fn output_facts(chosen: &ChosenUnit) -> Vec<Fact> {
    let unit = &chosen.unit;
    let kw = |w: f64| datum(w, &number::kilowatt(w));
    let torque = unit.axle.torque_max_nm.first().copied().unwrap_or(0.0);
    let top = unit.motor.speed_rad_per_s.last().copied().unwrap_or(0.0);
    let emf = unit.back_emf_at_top_speed_v;
    vec![
        (
            "Peak axle torque",
            datum(torque, &number::newton_metre(torque)),
        ),
        ("Peak power", kw(unit.axle.peak_power_w())),
        ("Continuous power", kw(unit.axle.continuous_power_w())),
        ("Recuperation", kw(unit.axle.regenerating_power_w())),
        (
            "Highest motor speed",
            datum(top, &number::with_unit(rpm(top), 0, "rpm")),
        ),
        (
            "Back-EMF there, line-to-line peak",
            datum(emf, &number::with_unit(emf, 0, "V")),
        ),
    ]
}

fn mass_facts(chosen: &ChosenUnit) -> Vec<Fact> {
    let mass = &chosen.unit.mass;
    let kg = |v: f64| datum(v, &number::with_unit(v, 1, "kg"));
    let whole_kg = |v: f64| datum(v, &number::fixed(v, 0));
    let parts = [mass.machine_kg(), mass.inverter_kg, mass.gear_kg]
        .map(whole_kg)
        .join(" / ");
    let specific = chosen.unit.axle.peak_power_w() / 1e3 / mass.total_kg();
    let density = |boundary| {
        let PowerDensity { w_per_kg, w_per_m3 } = chosen.unit.power_density(boundary);
        let per_litre = number::with_unit(w_per_m3 * 1e-6, 1, "kW/L");
        escape(&format!(
            "{per_litre}, {}",
            number::with_unit(w_per_kg * 1e-3, 2, "kW/kg")
        ))
    };
    vec![
        ("Mass", kg(mass.total_kg())),
        (
            "Machine / inverter / gear",
            format!("{parts}{}kg", number::THIN),
        ),
        (
            "Magnets, rare earths in them",
            format!("{}, {}", kg(mass.magnet_kg), kg(mass.rare_earth_kg)),
        ),
        (
            "Peak power per mass",
            escape(&number::with_unit(specific, 2, "kW/kg")),
        ),
        (
            "Motor's peak power, active parts alone",
            density(Boundary::Active),
        ),
        ("with shaft and housing", density(Boundary::Machine)),
    ]
}
