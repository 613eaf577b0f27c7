//! pyleecan machine files.
//!
//! Conventions of pyleecan: SI units; `L1` is the stack with its insulation layers, `Kf1` the share
//! of it that is steel; holes are drawn about +x and stand in the middle of their pole, so that +x is
//! our d axis; ducts count their angle from the side of the first pole.
//!
//! Source: the class documentation and schematics of pyleecan, github.com/Eomys/pyleecan.

use codrive_model::input::{InputError, SCHEMA, Source};
use codrive_model::machine::Machine;
use codrive_model::section::{Section, SectionFault, Stator, usual_iron_build_factor};
use serde_json::Value;

use crate::fault::Fault;
use crate::import::Import;
use crate::json::Node;
use crate::material::{self, Catalogue};
use crate::notes::Notes;
use crate::{dropped, rotor, skew, slot, winding};

/// Temperature at which pyleecan states remanence, K.
pub const REFERENCE_TEMPERATURE_K: f64 = 293.15;

/// Reads a pyleecan machine file.
///
/// The magnets are taken at `magnet_temperature_k`, which the file does not hold; at 20 °C if `None`.
///
/// # Errors
/// Not JSON, not a machine, or a machine that codrive cannot describe; with its place in the file.
pub fn read(
    source: &Source,
    known: &Catalogue,
    magnet_temperature_k: Option<f64>,
) -> Result<Import, InputError> {
    // pyleecan on Windows begins its files with a byte order mark.
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let value: Value = serde_json::from_str(text).map_err(|error| syntax_error(source, &error))?;
    let import = machine(&Node::root(&value), source, known, magnet_temperature_k)
        .map_err(|fault| in_file(source, &fault))?;
    let checked = import.section.check();
    checked.map_err(|fault| refused(source, "section", fault))?;
    let checked = import.machine.check();
    checked.map_err(|fault| refused(source, "machine", fault))?;
    Ok(import)
}

/// A fault of the section or machine that a file makes, as an error in that file.
#[must_use]
pub fn refused(source: &Source, what: &str, fault: SectionFault) -> InputError {
    let message = format!("of the {what} that it makes: {}", fault.message);
    in_file(source, &Fault::new(fault.place, message, fault.hint))
}

fn in_file(source: &Source, fault: &Fault) -> InputError {
    source
        .error(None, &fault.to_string())
        .with_hint(fault.hint.clone())
}

fn syntax_error(source: &Source, error: &serde_json::Error) -> InputError {
    let before: usize = source
        .text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let at = (before + error.column().saturating_sub(1)).min(source.text.len());
    let at = (0..=at)
        .rev()
        .find(|i| source.text.is_char_boundary(*i))
        .unwrap_or(0);
    let end = source.text[at..]
        .chars()
        .next()
        .map_or(at, |c| at + c.len_utf8());
    source
        .error(Some(at..end), &format!("is not JSON: {error}"))
        .with_hint("save the machine from pyleecan again as .json")
}

fn machine(
    root: &Node,
    source: &Source,
    known: &Catalogue,
    magnet_temperature_k: Option<f64>,
) -> Result<Import, Fault> {
    let (stator, rotor) = laminations(root)?;
    let mut notes = Notes::default();
    let slot = stator.need("slot")?;
    let slots = slot.count("Zs", 3, 500)?;
    let pole_pairs = stator.need("winding")?.count("p", 1, 64)?;
    let bore_m = stator.positive_length("Rint")?;
    let slot = slot::read(&slot, bore_m, slots)?;
    let winding = winding::read(&stator, slots, pole_pairs, slot.winding_area_m2, &mut notes)?;
    let parts = rotor::read(&rotor, pole_pairs, &mut notes)?;
    let origin = origin(root, source);
    let steel = material::steel(&stator, known, &origin, &mut notes)?;
    if material_name(&rotor) != material_name(&stator) {
        notes.section(
            "the rotor is of another steel than the stator, whose steel is taken for both",
        );
    }
    let magnet = material::magnet(&parts.magnets[0], known, &origin, &mut notes)?;
    note_other_grades(&parts.magnets, &magnet.data.name, &mut notes);
    if magnet_temperature_k.is_none() {
        notes.section("magnet temperature is not in the file: 20 degC, as its remanence");
    }
    let stack_m = stack(&stator, &rotor, &parts.magnets, &mut notes)?;
    let stacking_factor = stacking_factor(&stator, &rotor, &mut notes)?;
    dropped::note(root, &mut notes)?;
    let skew = skew::read(&rotor, slots, &mut notes)?;
    let name = name(root, source);
    let id = id(&name);
    let section = Section {
        schema: SCHEMA,
        id: id.clone(),
        name: format!("{name}, {slots} slots, {} poles", 2 * pole_pairs),
        source: origin.clone(),
        assumptions: notes.section,
        pole_pairs,
        slots,
        steel: steel.data.name.clone(),
        stacking_factor,
        iron_build_factor: usual_iron_build_factor(),
        magnet: magnet.data.name.clone(),
        magnet_temperature_k: magnet_temperature_k.unwrap_or(REFERENCE_TEMPERATURE_K),
        winding: winding.in_slot,
        stator: Stator {
            outer_diameter_m: 2.0 * stator.positive_length("Rext")?,
            bore_diameter_m: 2.0 * bore_m,
            slot: slot.shape,
        },
        rotor: parts.rotor,
    };
    let machine = Machine {
        schema: SCHEMA,
        section: id.clone(),
        id,
        name,
        source: origin,
        assumptions: notes.machine,
        stack_m,
        conductors_per_slot: winding.conductors_per_slot,
        parallel_paths: winding.parallel_paths,
        connection: winding.connection,
        skew,
    };
    Ok(Import {
        machine,
        section,
        steel,
        magnet,
    })
}

/// Stator and rotor of a machine that codrive can describe.
fn laminations<'a>(root: &Node<'a>) -> Result<(Node<'a>, Node<'a>), Fault> {
    let class = root.class()?;
    if !matches!(class, "MachineIPMSM" | "MachineSIPMSM") {
        return Err(root.fault(
            format!("is a {class}, which codrive cannot read yet"),
            "it reads machines with permanent magnets: MachineIPMSM, MachineSIPMSM",
        ));
    }
    let (stator, rotor) = (root.need("stator")?, root.need("rotor")?);
    let class = stator.class()?;
    if class != "LamSlotWind" {
        let message = format!("is a {class}, which codrive cannot read yet");
        return Err(stator.fault(message, "it reads LamSlotWind"));
    }
    for (node, internal) in [(&stator, false), (&rotor, true)] {
        if node.flag("is_internal")? != internal {
            let message = "puts the rotor outside of the stator, which codrive cannot describe";
            return Err(node.fault_at("is_internal", message, "an inner rotor"));
        }
    }
    Ok((stator, rotor))
}

/// Notes magnets of another grade than the first one's, which is taken for all.
fn note_other_grades(magnets: &[Node], first: &str, notes: &mut Notes) {
    if magnets
        .iter()
        .any(|m| material_name(m) != material_name(&magnets[0]))
    {
        notes.section(format!(
            "the magnets are of several grades; {first} is taken for all"
        ));
    }
}

fn material_name<'a>(node: &Node<'a>) -> Option<&'a str> {
    node.get("mat_type")?.text("name")
}

/// The stator's stack, m; other lengths are noted.
fn stack(stator: &Node, rotor: &Node, magnets: &[Node], notes: &mut Notes) -> Result<f64, Fault> {
    let stack_m = stator.positive_length("L1")?;
    let mut differs = |what: &str, length_m: f64| {
        if (length_m - stack_m).abs() > 1e-6 {
            notes.machine(format!(
                "{what} is {:.2} mm long; the stator's stack of {:.2} mm is taken for all",
                1e3 * length_m,
                1e3 * stack_m
            ));
        }
    };
    differs("the rotor", rotor.positive_length("L1")?);
    for magnet in magnets {
        if magnet.get("Lmag").is_some() {
            differs("a magnet", magnet.length("Lmag")?);
        }
    }
    Ok(stack_m)
}

/// The stator's share of steel in its stack.
fn stacking_factor(stator: &Node, rotor: &Node, notes: &mut Notes) -> Result<f64, Fault> {
    let factor = |node: &Node| node.need("Kf1")?.number(0.5, 1.0);
    let (of_stator, of_rotor) = (factor(stator)?, factor(rotor)?);
    if of_stator != of_rotor {
        notes.section(format!(
            "the stacking factor is {:.1} % in the stator, taken for both, and {:.1} % in the rotor",
            100.0 * of_stator,
            100.0 * of_rotor
        ));
    }
    Ok(of_stator)
}

/// Where the figures come from: the file, its version, what it says of itself.
fn origin(root: &Node, source: &Source) -> String {
    let file = source.file.file_name().map_or_else(
        || "a pyleecan machine file".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    let version = root
        .words("__version__")
        .map_or_else(String::new, |version| format!(" ({version})"));
    match root.words("desc") {
        Some(description) => format!("pyleecan file {file}{version}: {description}"),
        None => format!("pyleecan file {file}{version}, which states no source of its own"),
    }
}

/// The machine's name, or that of the file.
fn name(root: &Node, source: &Source) -> String {
    let stem = || {
        source
            .file
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
    };
    root.words("name")
        .or_else(stem)
        .unwrap_or_else(|| "machine".to_owned())
        .replace('_', " ")
}

/// A name in small letters, digits and hyphens.
fn id(name: &str) -> String {
    let words: Vec<String> = name
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    if words.is_empty() {
        "machine".to_owned()
    } else {
        words.join("-")
    }
}
