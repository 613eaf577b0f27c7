//! Which axle uses which module.

use codrive_model::summary::{Assignment, ModuleLists};

use crate::context::{Context, axle_attribute, axle_name, joint_modules, modules};
use crate::number;
use crate::page::{self, Section, datum};
use crate::svg::{Svg, escape};

const LEFT: f64 = 215.0;
const ROW: f64 = 25.0;
const GROUP_GAP: f64 = 16.0;

/// Axles by modules, and the software limits of each variant.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let rows = &context.data.summary.family.assignment;
    if rows.is_empty() {
        return None;
    }
    let lead = match context.reader() {
        None => {
            "One row an axle, one column a module. A module is paid for once, however many \
                 axles use it; joint modules are used by more than one partner."
        }
        Some(_) => {
            "One row for each of your axles, one column a module that it uses. Joint modules \
                    are used by other partners too."
        }
    };
    let caption = "Filled: the axle uses a joint module; ring: a module of its partner alone; dot: \
                   not used. Columns with a band are joint. Colour: partner. A machine is named by section, stack and \
                   winding: 4x2 is four conductors in a slot and two parallel paths of a phase.";
    let body = [
        page::paragraph(lead),
        page::figure(&picture(context), caption),
        variants(context),
    ];
    let title = "The family".to_owned();
    Some(Section {
        id: "family",
        title,
        body: body.concat(),
    })
}

/// One column of the matrix.
struct Column<'a> {
    kind: &'static str,
    id: &'a str,
    x: f64,
}

fn columns(lists: &ModuleLists) -> Vec<Column<'_>> {
    let groups = [
        ("section", &lists.sections),
        ("machine", &lists.machines),
        ("inverter", &lists.inverters),
        ("gear_set", &lists.gear_sets),
    ];
    let count: usize = groups.iter().map(|(_, ids)| ids.len()).sum();
    let step = ((1040.0 - LEFT - 4.0 * GROUP_GAP - 90.0) / count.max(1) as f64).clamp(18.0, 72.0);
    let mut x = LEFT + step / 2.0;
    let mut out = Vec::new();
    for (kind, ids) in groups {
        for id in ids {
            out.push(Column { kind, id, x });
            x += step;
        }
        x += GROUP_GAP;
    }
    out
}

/// Height that the slanted names need.
fn top_of(columns: &[Column<'_>]) -> f64 {
    let longest = columns
        .iter()
        .map(|column| column.id.chars().count())
        .max()
        .unwrap_or(0);
    62.0 + 6.3 * longest as f64
}

fn picture(context: &Context<'_>) -> String {
    let family = &context.data.summary.family;
    let columns = columns(&family.modules);
    let top = top_of(&columns);
    let height = top + family.assignment.len() as f64 * ROW + 14.0;
    let mut svg = Svg::default();
    let joint = joint_modules(&family.assignment);
    for column in &columns {
        let is_joint = joint.contains(&(column.kind, column.id));
        draw_column(&mut svg, column, is_joint, (top, height));
    }
    draw_group_names(&mut svg, &columns);
    for (index, row) in family.assignment.iter().enumerate() {
        let y = top + index as f64 * ROW + 6.0;
        draw_row(&mut svg, context, row, y, &columns);
    }
    svg.finish((1040.0, height), "Axles and the modules that they use", "")
}

fn draw_column(svg: &mut Svg, column: &Column<'_>, is_joint: bool, (top, height): (f64, f64)) {
    if is_joint {
        svg.rect(
            (column.x - 10.0, top - 12.0),
            (20.0, height - top + 6.0),
            r#"class="shade""#,
        );
    }
    let class = if is_joint {
        r#"class="strong""#
    } else {
        r#"class="soft""#
    };
    svg.turned_text((column.x + 4.0, top - 18.0), -50.0, class, column.id);
}

fn draw_group_names(svg: &mut Svg, columns: &[Column<'_>]) {
    let names = [
        ("section", "Sections"),
        ("machine", "Machines"),
        ("inverter", "Inverters"),
        ("gear_set", "Gear sets"),
    ];
    for (kind, name) in names {
        let mut of_kind = columns.iter().filter(|c| c.kind == kind);
        let Some(first) = of_kind.next() else {
            continue;
        };
        let last = of_kind.next_back().unwrap_or(first);
        let y = 22.0;
        svg.line(
            (first.x - 8.0, y + 7.0),
            (last.x + 8.0, y + 7.0),
            r#"class="zero""#,
        );
        svg.text((first.x - 8.0, y), r#"class="axis""#, name);
    }
}

fn draw_row(
    svg: &mut Svg,
    context: &Context<'_>,
    row: &Assignment,
    y: f64,
    columns: &[Column<'_>],
) {
    let class = context.colour(&row.partner);
    let link = axle_attribute(&row.partner, &row.vehicle, &row.axle);
    svg.open(&format!(r#"class="{class}" {link}"#));
    let right = columns.last().map_or(LEFT, |c| c.x) + 16.0;
    svg.line((0.0, y + 12.5), (right, y + 12.5), r#"class="grid""#);
    let name = axle_name(&row.vehicle, &row.axle);
    svg.text((0.0, y + 4.0), r#"class="namec""#, &name);
    let used = modules(row);
    for column in columns {
        let at = (column.x, y);
        if !used.contains(&(column.kind, column.id)) {
            svg.circle(at, 1.4, r#"class="step""#);
        } else if row.joint.iter().any(|kind| kind == column.kind) {
            svg.circle(at, 7.5, r#"class="fillc""#);
        } else {
            svg.circle(at, 6.0, r#"class="strokec" stroke-width="2.2""#);
        }
    }
    svg.close();
}

fn joint_text(row: &Assignment) -> String {
    if row.joint.len() == modules(row).len() {
        return "all four".to_owned();
    }
    let kinds: Vec<String> = row
        .joint
        .iter()
        .map(|kind| kind.replace('_', " "))
        .collect();
    if kinds.is_empty() {
        "none".to_owned()
    } else {
        kinds.join(", ")
    }
}

fn unit_name<'a>(context: &Context<'a>, row: &Assignment) -> &'a str {
    context
        .unit_of(&row.partner, &row.vehicle, &row.axle)
        .map_or("", |unit| &unit.name)
}

fn variants(context: &Context<'_>) -> String {
    let head = page::heads(&[
        "Axle",
        "Partner",
        "Unit",
        "Share of targets",
        "Ratio",
        "Torque limit, Nm",
        "Power limit, kW",
        "Recuperation limit, kW",
        "Joint",
        "Plant",
    ]);
    let kilowatts = |w: f64| datum(w, &number::fixed(w / 1e3, 0));
    let rows: Vec<Vec<String>> = context
        .data
        .summary
        .family
        .assignment
        .iter()
        .map(|row| {
            vec![
                escape(&axle_name(&row.vehicle, &row.axle)),
                context.partner_markup(&row.partner),
                page::whole(unit_name(context, row)),
                datum(row.share, &number::percent(row.share, 0)),
                datum(row.gear_ratio, &number::fixed(row.gear_ratio, 2)),
                datum(row.torque_limit_nm, &number::fixed(row.torque_limit_nm, 0)),
                kilowatts(row.power_limit_w),
                kilowatts(row.regen_limit_w),
                escape(&joint_text(row)),
                escape(&context.plant_name(&row.plant)),
            ]
        })
        .collect();
    let note = "Limits are each partner's software limits on the axle, at or below what the hardware \
                can do at the DC voltage of that car.";
    format!(
        "{}<p class=\"note\">{note}</p>",
        page::table("numbers axles wrap placed", &head, &rows)
    )
}
