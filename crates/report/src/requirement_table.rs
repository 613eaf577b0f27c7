//! One row for each driven axle: what it requires, and the unit that drives it.

use codrive_model::summary::RequirementRow;

use crate::context::{Context, axle_name};
use crate::number::{self, rpm};
use crate::page::{self, datum};
use crate::svg::escape;
use crate::unit_envelope::UnitEnvelope;

const HEADS: [&str; 10] = [
    "Axle",
    "Partner",
    "Share of the car's targets",
    "Torque from standstill, Nm",
    "Peak power, kW",
    "Continuous power, kW",
    "Highest axle speed, rpm",
    "Unit",
    "Its torque, Nm",
    "Its peak power, kW",
];

/// The table with its note; nothing without requirements.
pub(crate) fn markup(context: &Context<'_>) -> String {
    let requirements = &context.data.summary.requirements;
    if requirements.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = requirements
        .iter()
        .map(|row| {
            required(context, row)
                .into_iter()
                .chain(served(context, row))
                .collect()
        })
        .collect();
    let note = "Requirements are the least that meets the targets, for two driven axles at an even \
                share; the selection may share the targets otherwise. The unit's torque and power are \
                those at the DC voltage under load of that car.";
    format!(
        "{}<p class=\"note\">{note}</p>",
        page::table("numbers axles wrap", &page::heads(&HEADS), &rows)
    )
}

fn required(context: &Context<'_>, row: &RequirementRow) -> Vec<String> {
    let kilowatts = |w: f64| datum(w, &number::fixed(w / 1e3, 1));
    let speed = row.max_speed_rad_per_s;
    vec![
        escape(&axle_name(&row.vehicle, &row.axle)),
        context.partner_markup(&row.partner),
        datum(row.share, &number::percent(row.share, 0)),
        datum(row.wheel_torque_nm, &number::fixed(row.wheel_torque_nm, 0)),
        kilowatts(row.power_w),
        kilowatts(row.continuous_power_w),
        datum(speed, &number::fixed(rpm(speed), 0)),
    ]
}

fn served(context: &Context<'_>, row: &RequirementRow) -> Vec<String> {
    let axle = context.axle(&row.partner, &row.vehicle, &row.axle);
    let Some((axle, unit)) = axle.and_then(|a| Some((a, context.data.units.get(a.unit)?))) else {
        return vec![String::new(); 3];
    };
    let envelope = UnitEnvelope::at_car(axle);
    let (torque, power) = (envelope.standstill_nm(), envelope.peak_power_w());
    vec![
        page::whole(&unit.name),
        datum(torque, &number::fixed(torque, 0)),
        datum(power, &number::fixed(power / 1e3, 1)),
    ]
}
