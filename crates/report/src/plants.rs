//! Plants with their lines, and which modules flow from which line to which assembly.

use codrive_model::family::ModuleKind;
use codrive_model::plant_network::{ModuleFlow, ModuleLine, Plant, PlantNetwork};

use crate::context::{Context, partner_name};
use crate::number;
use crate::page::{self, Section, datum};
use crate::svg::{PathData, Svg, escape};

/// Where the lines and the assemblies stand, and how wide they are, px.
const LINES: f64 = 330.0;
const ASSEMBLIES: f64 = 760.0;
const BLOCK: f64 = 12.0;
const TOP: f64 = 54.0;
/// Height of all modules together; gaps between lines, and between plants.
const HEIGHT: f64 = 400.0;
const GAP: f64 = 12.0;
const PLANT_GAP: f64 = 48.0;
/// Points along the edge of a band.
const STEPS: u32 = 24;

/// The plants; `None` without flows.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let network = context.data.summary.cost.study.plants.as_ref()?;
    if context.reader().is_some() || network.flows.is_empty() {
        return None;
    }
    let lead = "Left the lines that make the modules, under the plant in which they stand; right the plants that \
                assemble the drive units of their own brand. A band is as wide as the modules that flow over the \
                whole programme; a line with two partners' names is joint.";
    let caption =
        "Modules from line to assembly, over the whole programme. Colour: kind of module.";
    Some(Section {
        id: "plants",
        title: "Plants, lines and flows".to_owned(),
        body: page::paragraph(lead)
            + &page::figure(&picture(context, network), caption)
            + &elsewhere(network)
            + &assemblies(context, network)
            + &lines(context, network),
    })
}

fn assemblies(context: &Context<'_>, network: &PlantNetwork) -> String {
    let head = page::heads(&[
        "Final assembly",
        "EDUs a year, mean",
        "in the year with the most",
        "Capacity",
        "Used then",
    ]);
    let row = |plant: &Plant| {
        let used = plant.peak_per_year / plant.capacity_per_year;
        let edus = |units: f64| datum(units, &thousands(units));
        vec![
            escape(&name(context, plant)),
            edus(plant.assembled_per_year),
            edus(plant.peak_per_year),
            edus(plant.capacity_per_year),
            datum(used, &number::percent(used, 0)),
        ]
    };
    let busy = network.plants.iter().filter(|p| p.assembled_per_year > 0.0);
    page::table("numbers", &head, &busy.map(row).collect::<Vec<_>>())
}

/// Lines that stand in another's plant for one partner alone: what they save is not saved by sharing.
fn elsewhere(network: &PlantNetwork) -> String {
    let is_elsewhere = |line: &&ModuleLine| {
        let host = &network.plants[line.plant].partner;
        line.users.len() == 1 && line.users[0] != *host
    };
    let lines: Vec<String> = network
        .lines
        .iter()
        .filter(is_elsewhere)
        .map(|line| format!("{} for {}", line.module, partner_name(&line.users[0])))
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    page::paragraph(&format!(
        "In another's plant, for one partner alone: {}. What that saves comes from what labour and electricity cost there, \
         not from sharing a module.",
        lines.join(", ")
    ))
}

/// How full each line is: capacity comes in steps, and what lies idle is paid for.
fn lines(context: &Context<'_>, network: &PlantNetwork) -> String {
    let head = page::heads(&[
        "Line",
        "Stands at",
        "Modules in the peak year",
        "Capacity, in steps",
        "Used then",
    ]);
    let row = |line: &ModuleLine| {
        let used = line.peak_per_year / line.capacity_per_year;
        let modules = |units: f64| datum(units, &thousands(units));
        let plant = &network.plants[line.plant];
        vec![
            escape(&format!("{} {}", line.kind.label(), line.module)),
            escape(&context.plant_name(&plant.id)),
            modules(line.peak_per_year),
            modules(line.capacity_per_year),
            datum(used, &number::percent(used, 0)),
        ]
    };
    let rows: Vec<Vec<String>> = network.lines.iter().map(row).collect();
    page::table("numbers wrap", &head, &rows)
        + "<p class=\"note\">A plant's capacity is that of its final assembly. Whether it has room and staff for the steps of \
           its lines is not asked.</p>"
}

fn name(context: &Context<'_>, plant: &Plant) -> String {
    let stated = context.data.plant_names.get(&plant.id).unwrap_or(&plant.id);
    format!("{}: {stated}", partner_name(&plant.partner))
}

/// Words on as many lines as they need.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn thousands(units: f64) -> String {
    number::count((units / 1e3).round() as usize * 1_000)
}

fn millions(units: f64) -> String {
    format!("{} million", number::fixed(units / 1e6, 2))
}

/// How far a block at which bands end is filled, from above, px.
#[derive(Clone, Copy, Debug)]
struct Filled(f64);

impl Filled {
    /// The next piece of the block.
    fn take(&mut self, height: f64) -> (f64, f64) {
        let from = self.0;
        self.0 += height;
        (from, self.0)
    }
}

fn picture(context: &Context<'_>, network: &PlantNetwork) -> String {
    let all: f64 = network.flows.iter().map(|flow| flow.units).sum();
    let per_unit = HEIGHT / all.max(1.0);
    let mut svg = Svg::default();
    let (mut lines, left) = line_blocks(context, network, per_unit, &mut svg);
    let (mut plants, right) = plant_blocks(context, network, per_unit, &mut svg);
    let mut flows: Vec<&ModuleFlow> = network.flows.iter().collect();
    flows.sort_by_key(|flow| (network.lines[flow.line].plant, flow.line, flow.to));
    for flow in flows {
        let height = flow.units * per_unit;
        let (Some(from), Some(to)) = (&mut lines[flow.line], &mut plants[flow.to]) else {
            continue;
        };
        let ends = (from.take(height), to.take(height));
        let line = &network.lines[flow.line];
        let class = format!(r#"class="l{}" fill-opacity="0.5""#, colour(line.kind));
        let to = name(context, &network.plants[flow.to]);
        let title = format!("{}: {} to {to}", line.module, millions(flow.units));
        svg.titled_path(&band(ends), &class, &title);
    }
    let bottom = left.max(right) + 26.0;
    legend(&mut svg, bottom);
    svg.finish((1040.0, bottom + 14.0), "Plants, lines and flows", "")
}

fn colour(kind: ModuleKind) -> usize {
    ModuleKind::ALL.iter().position(|k| *k == kind).unwrap_or(0)
}

/// Blocks of the lines by plant, with their names; and where they end.
fn line_blocks(
    context: &Context<'_>,
    network: &PlantNetwork,
    per_unit: f64,
    svg: &mut Svg,
) -> (Vec<Option<Filled>>, f64) {
    let mut blocks = vec![None; network.lines.len()];
    let mut y = TOP;
    for (p, plant) in network.plants.iter().enumerate() {
        let mut standing = (0..network.lines.len())
            .filter(|l| network.lines[*l].plant == p)
            .peekable();
        if standing.peek().is_none() {
            continue;
        }
        let heading = r#"class="strong" text-anchor="end""#;
        let title = wrapped(&format!("Lines at {}", name(context, plant)), 50);
        for (up, part) in title.iter().rev().enumerate() {
            let at = (LINES + BLOCK, y - 10.0 - 14.0 * up as f64);
            svg.text(at, heading, part);
        }
        for index in standing {
            let line = &network.lines[index];
            let flows = network.flows.iter().filter(|flow| flow.line == index);
            let height = per_unit * flows.map(|flow| flow.units).sum::<f64>();
            let class = format!(r#"class="l{}""#, colour(line.kind));
            svg.rect((LINES, y), (BLOCK, height), &class);
            let users: Vec<String> = line.users.iter().map(|id| partner_name(id)).collect();
            let label = format!("{} · {}", line.module, users.join(" + "));
            let at = (LINES - 7.0, y + 0.5 * height + 4.0);
            svg.text(at, r#"class="small" text-anchor="end""#, &label);
            blocks[index] = Some(Filled(y));
            y += height + GAP;
        }
        y += PLANT_GAP - GAP;
    }
    (blocks, y - PLANT_GAP)
}

/// Blocks of the plants that assemble, with their names; and where they end.
fn plant_blocks(
    context: &Context<'_>,
    network: &PlantNetwork,
    per_unit: f64,
    svg: &mut Svg,
) -> (Vec<Option<Filled>>, f64) {
    let mut y = TOP;
    let mut block = |(p, plant): (usize, &Plant)| {
        let flows = network.flows.iter().filter(|flow| flow.to == p);
        let height = per_unit * flows.map(|flow| flow.units).sum::<f64>();
        if height <= 0.0 {
            return None;
        }
        svg.rect((ASSEMBLIES, y), (BLOCK, height), r#"class="total""#);
        let x = ASSEMBLIES + BLOCK + 8.0;
        let middle = y + 0.5 * height;
        let title = wrapped(&name(context, plant), 33);
        for (up, part) in title.iter().rev().enumerate() {
            let at = (x, middle - 3.0 - 14.0 * up as f64);
            svg.text(at, r#"class="strong""#, part);
        }
        let yearly = format!(
            "assembles {} a year, peak {}",
            thousands(plant.assembled_per_year),
            thousands(plant.peak_per_year)
        );
        svg.text((x, middle + 12.0), r#"class="small soft""#, &yearly);
        let block = Filled(y);
        y += height + PLANT_GAP;
        Some(block)
    };
    let blocks = network.plants.iter().enumerate().map(&mut block).collect();
    (blocks, y - PLANT_GAP)
}

/// From a piece of a line's block to one of a plant's.
fn band(((from, from_end), (to, to_end)): ((f64, f64), (f64, f64))) -> PathData {
    let (left, right) = (LINES + BLOCK, ASSEMBLIES);
    let edge = |start: f64, end: f64| {
        move |i: u32| {
            let t = f64::from(i) / f64::from(STEPS);
            let rise = t * t * (3.0 - 2.0 * t);
            (left + t * (right - left), start + rise * (end - start))
        }
    };
    let mut path = PathData::default();
    let forth = (0..=STEPS).map(edge(from, to));
    let back = (0..=STEPS).rev().map(edge(from_end, to_end));
    path.push_ring(forth.chain(back));
    path
}

fn legend(svg: &mut Svg, y: f64) {
    for (index, kind) in ModuleKind::ALL.into_iter().enumerate() {
        let x = LINES + 110.0 * index as f64;
        svg.rect((x, y - 9.0), (11.0, 11.0), &format!(r#"class="l{index}""#));
        svg.text((x + 16.0, y), r#"class="small""#, kind.label());
    }
}
