//! A machine on its own: one operating point, or its flux map.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use codrive_catalogue::{CatalogueError, Kind, names, source};
use codrive_drive::{Build, DriveError, SectionTables};
use codrive_field::drawing::of_section;
use codrive_field::mesh::Fineness;
use codrive_field::mesh_error::{MeshError, mesh_error};
use codrive_field::point::solve_point;
use codrive_field::skew::skewed;
use codrive_model::drawing::SectionDrawing;
use codrive_model::flux_map::{FluxMap, SectionResult};
use codrive_model::input::{InputError, Source, span_of};
use codrive_model::machine::Machine;
use codrive_model::programme::FieldPlan;
use codrive_model::section::Section;
use codrive_model::unit::Winding;
use serde::Serialize;

use crate::cache::Cache;
use crate::error::StudyError;
use crate::files::{create_private_folder, write_whole};
use crate::folders::json_bytes;
use crate::inputs::{SectionInput, read_section};
use crate::progress::Progress;
use crate::sections::{solve_or_find, solve_turned};

/// A machine with its section.
#[derive(Clone, Debug)]
pub struct MachineInput {
    /// The machine.
    pub machine: Machine,
    /// Its section.
    pub section: SectionInput,
}

impl MachineInput {
    /// Tables of the section, from its solution.
    ///
    /// # Errors
    /// A map or materials that cannot be used.
    pub fn tables(&self, solved: &SectionResult) -> Result<SectionTables, DriveError> {
        let SectionInput { steel, magnet, .. } = &self.section;
        SectionTables::new(&solved.flux_map, &solved.facts, steel, magnet)
    }

    /// The machine on its section's tables, built as the section says.
    ///
    /// # Errors
    /// A stack or winding that no machine has.
    pub fn variant<'t>(
        &self,
        tables: &'t SectionTables,
    ) -> Result<codrive_drive::Machine<'t>, DriveError> {
        self.built(tables, Build::from_section(&self.section.section))
    }

    /// The machine on its section's tables, built otherwise.
    ///
    /// # Errors
    /// A stack, winding or build that no machine has.
    pub fn built<'t>(
        &self,
        tables: &'t SectionTables,
        build: Build,
    ) -> Result<codrive_drive::Machine<'t>, DriveError> {
        let winding = Winding {
            conductors_per_slot: self.machine.conductors_per_slot,
            parallel_paths: self.machine.parallel_paths,
            connection: self.machine.connection,
        };
        codrive_drive::Machine::new(tables, self.machine.stack_m, winding, build)
    }
}

/// A file's text: a path that exists, or the name of something shipped.
///
/// # Errors
/// Neither a file nor a shipped name.
pub fn file_or_shipped(kind: Kind, name: &str) -> Result<Source, StudyError> {
    let path = Path::new(name);
    let looks_like_a_path = path.components().count() > 1 || path.extension().is_some();
    if path.is_file() || (looks_like_a_path && !names(kind).contains(&name)) {
        return Ok(Source::read(path)?);
    }
    Ok(source(kind, name).map_err(CatalogueError::from)?)
}

/// Reads a machine: a file, or a shipped name; its section is a shipped name or a path beside it.
///
/// # Errors
/// Files that are wrong or missing.
pub fn read_machine(name: &str) -> Result<MachineInput, StudyError> {
    let text = file_or_shipped(Kind::Machine, name)?;
    let machine = Machine::read(&text)?;
    let beside = text
        .file
        .parent()
        .map(|folder| folder.join(&machine.section));
    let section = match beside.filter(|path| path.is_file()) {
        Some(path) => Source::read(&path)?,
        None => match file_or_shipped(Kind::Section, &machine.section) {
            Err(StudyError::Catalogue(CatalogueError::Unknown(unknown))) => {
                let span = span_of(&text.text, "section");
                return Err(text
                    .error(span, &unknown.to_string())
                    .with_hint(unknown.hint)
                    .into());
            }
            found => found?,
        },
    };
    let section = read_section(section)?;
    check_winding(&machine, &section.section, &text)?;
    Ok(MachineInput { machine, section })
}

/// Refuses a winding that cannot be wound into the section.
fn check_winding(machine: &Machine, section: &Section, source: &Source) -> Result<(), InputError> {
    let refused = |key: &str, message: String, hint: String| {
        let span = span_of(&source.text, key);
        Err(source.error(span, &message).with_hint(hint))
    };
    let (paths, poles) = (machine.parallel_paths, 2 * section.pole_pairs);
    if !poles.is_multiple_of(paths) {
        let message = format!("{paths} parallel paths cannot be wound alike on {poles} poles");
        let fitting = (1..=poles).filter(|paths| poles.is_multiple_of(*paths));
        let all: Vec<String> = fitting.map(|paths| paths.to_string()).collect();
        return refused(
            "parallel_paths",
            message,
            format!("one of {}", all.join(", ")),
        );
    }
    let (conductors, layers) = (machine.conductors_per_slot, section.winding.layers);
    if !conductors.is_multiple_of(layers) {
        let message =
            format!("{conductors} conductors per slot do not divide into {layers} layers");
        return refused(
            "conductors_per_slot",
            message,
            format!("a multiple of {layers}"),
        );
    }
    Ok(())
}

/// Draws a machine or a section, named as shipped or by its file; nothing is solved.
///
/// # Errors
/// Files that are wrong or missing, or a section that cannot be drawn.
pub fn draw(name: &str) -> Result<SectionDrawing, StudyError> {
    let text = file_or_shipped(Kind::Machine, name)
        .or_else(|error| file_or_shipped(Kind::Section, name).map_err(|_| error))?;
    if span_of(&text.text, "stator").is_some() {
        return draw_section(&Section::read(&text)?, &text);
    }
    let MachineInput { machine, section } = read_machine(name)?;
    Ok(SectionDrawing {
        stack_m: Some(machine.stack_m),
        ..draw_section(&section.section, &section.source)?
    })
}

fn draw_section(section: &Section, source: &Source) -> Result<SectionDrawing, StudyError> {
    Ok(of_section(section).map_err(|fault| fault.in_file(source))?)
}

/// One operating point, as `codrive motor solve` prints it.
#[derive(Clone, Debug, Serialize)]
pub struct SolvedPoint {
    /// Machine id.
    pub machine: String,
    /// Direct-axis current, A, peak.
    pub id_a: f64,
    /// Quadrature-axis current, A, peak.
    pub iq_a: f64,
    /// Rotor position, electrical degrees, as solved.
    pub angle_el_deg: f64,
    /// Direct-axis flux linkage, V·s, peak; no end winding, no skew.
    pub psi_d_vs: f64,
    /// Quadrature-axis flux linkage, V·s, peak.
    pub psi_q_vs: f64,
    /// Torque by Arkkio's integral, N·m.
    pub torque_nm: f64,
    /// Torque by the dq linkages, N·m; equal to the other only in the mean over a period.
    pub torque_dq_nm: f64,
    /// Newton steps.
    pub newton_iterations: usize,
    /// Relative size of the last step in the energy norm.
    pub residual: f64,
    /// Unknowns.
    pub unknowns: usize,
}

impl SolvedPoint {
    /// For people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        vec![
            format!(
                "{} at i_d = {} A, i_q = {} A (peak), {} electrical degrees",
                self.machine, self.id_a, self.iq_a, self.angle_el_deg
            ),
            format!("psi_d       {:>12.6} Vs", self.psi_d_vs),
            format!("psi_q       {:>12.6} Vs", self.psi_q_vs),
            format!("torque      {:>12.4} Nm (Arkkio)", self.torque_nm),
            format!("torque_dq   {:>12.4} Nm", self.torque_dq_nm),
            format!(
                "{} unknowns, {} Newton steps, last step {:.1e}",
                self.unknowns, self.newton_iterations, self.residual
            ),
        ]
    }
}

/// Solves one operating point of a machine, cold.
///
/// # Errors
/// Files that are wrong, a current that is no number, or a point that does not converge.
pub fn solve(
    name: &str,
    id_a: f64,
    iq_a: f64,
    angle_el_deg: f64,
) -> Result<SolvedPoint, StudyError> {
    let input = read_machine(name)?;
    let failed = |reason: String| StudyError::Section {
        section: input.section.section.id.clone(),
        reason,
    };
    if ![id_a, iq_a, angle_el_deg]
        .iter()
        .all(|value| value.is_finite())
    {
        return Err(failed(
            "currents and angle must be finite numbers".to_owned(),
        ));
    }
    check_current(&input, id_a.hypot(iq_a))?;
    let SectionInput {
        section,
        steel,
        magnet,
        ..
    } = &input.section;
    let angle = angle_el_deg.to_radians();
    let point = solve_point(section, &input.machine, steel, magnet, [id_a, iq_a], angle)
        .map_err(|error| failed(error.to_string()))?;
    Ok(SolvedPoint {
        machine: input.machine.id.clone(),
        id_a,
        iq_a,
        angle_el_deg: point.angle_el_rad.to_degrees(),
        psi_d_vs: point.psi_d_vs,
        psi_q_vs: point.psi_q_vs,
        torque_nm: point.torque_arkkio_nm,
        torque_dq_nm: point.torque_dq_nm,
        newton_iterations: point.newton_iterations,
        residual: point.residual,
        unknowns: point.unknowns,
    })
}

/// Largest electric loading that is solved, A/m peak: ten times what traction machines reach.
const LOADING_LIMIT_A_PER_M: f64 = 2e6;

/// Refuses currents beyond any winding, at which the steel is air and torque is rounding.
fn check_current(input: &MachineInput, current_a: f64) -> Result<(), StudyError> {
    let section = &input.section.section;
    let bore_m = std::f64::consts::PI * section.stator.bore_diameter_m;
    let per_ampere = f64::from(section.slots) * input.machine.turns_ratio() / bore_m;
    let limit_a = LOADING_LIMIT_A_PER_M / per_ampere;
    if current_a <= limit_a {
        return Ok(());
    }
    let reason = format!(
        "{current_a:.0} A is beyond any winding: at most {limit_a:.0} A peak for this machine, \
         {:.0} kA per metre of bore",
        LOADING_LIMIT_A_PER_M * 1e-3
    );
    Err(StudyError::Section {
        section: section.id.clone(),
        reason,
    })
}

/// The section of a machine, its map skewed where the machine is.
///
/// # Errors
/// A section that cannot be solved, or packs turned by more than 45 electrical degrees from their mean.
pub fn solve_machine(
    input: &MachineInput,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<SectionResult, StudyError> {
    let (section, plan) = (&input.section, FieldPlan::default());
    let Some(skew) = &input.machine.skew else {
        return solve_or_find(section, plan, cache, progress);
    };
    let packs = skew.pack_angles_rad();
    let extreme = packs
        .iter()
        .fold(0.0_f64, |most, pack| most.max(pack.abs()));
    let turn = f64::from(section.section.pole_pairs) * extreme;
    let mut result = solve_turned(section, plan, turn, cache, progress)?;
    let map = &result.flux_map;
    result.flux_map = map
        .i_q_a
        .get(plan.currents_q - 1)
        .map_or(Ok(map.clone()), |largest| skewed(map, &packs, *largest))
        .map_err(|error| StudyError::Section {
            section: section.section.id.clone(),
            reason: error.to_string(),
        })?;
    Ok(result)
}

/// What a second, finer mesh says about the error of a map; also told to the user.
fn estimate_mesh_error(
    input: &SectionInput,
    map: &FluxMap,
    progress: &dyn Progress,
) -> Result<MeshError, StudyError> {
    let largest = map.i_q_a.last().copied().unwrap_or(0.0);
    let fineness = Fineness::second_order(FieldPlan::default().positions);
    let error = mesh_error(
        &input.section,
        &input.steel,
        &input.magnet,
        fineness,
        largest,
    )
    .map_err(|error| StudyError::Section {
        section: input.section.id.clone(),
        reason: error.to_string(),
    })?;
    progress.note(&format!(
        "estimated error of the mesh: {:.3} % of the largest flux linkage, {:.3} % of the largest torque \
         ({} unknowns against {}, {} currents at {} positions)",
        100.0 * error.flux,
        100.0 * error.torque,
        error.unknowns[0],
        error.unknowns[1],
        error.currents,
        error.positions,
    ));
    Ok(error)
}

/// Solves a machine's flux map and writes `flux-map.csv` (machine values), `section.json` (unit
/// values, losses, health) and `mesh-error.json` (what a finer mesh says).
///
/// # Errors
/// Files that are wrong or cannot be written, or a section that cannot be solved.
pub fn map(
    name: &str,
    out: &Path,
    cache: &Path,
    progress: &dyn Progress,
) -> Result<Vec<PathBuf>, StudyError> {
    let input = read_machine(name)?;
    progress.stage("flux map", 1);
    let cache = Cache::open(cache, false)?;
    let result = solve_machine(&input, &cache, progress)?;
    let error = estimate_mesh_error(&input.section, &result.flux_map, progress)?;
    progress.done(1);
    create_private_folder(out)?;
    let json = out.join("section.json");
    let estimate = out.join("mesh-error.json");
    let files = [
        (
            out.join("flux-map.csv"),
            csv(&input.machine, &result.flux_map).into_bytes(),
        ),
        (json.clone(), json_bytes(&json, &result)?),
        (estimate.clone(), json_bytes(&estimate, &error)?),
    ];
    for (path, bytes) in &files {
        write_whole(path, bytes)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// The map in the machine's own amperes and volt-seconds.
fn csv(machine: &Machine, map: &FluxMap) -> String {
    let k = machine.turns_ratio();
    let l = machine.stack_m;
    let mut text = String::from("i_d_a,i_q_a,psi_d_vs,psi_q_vs,torque_nm,torque_ripple_nm\n");
    for (d, i_d) in map.i_d_a.iter().enumerate() {
        for (q, i_q) in map.i_q_a.iter().enumerate() {
            let at = d * map.i_q_a.len() + q;
            let _ = writeln!(
                text,
                "{:.6},{:.6},{:.9},{:.9},{:.6},{:.6}",
                i_d / k,
                i_q / k,
                k * l * map.psi_d_vs_per_m[at],
                k * l * map.psi_q_vs_per_m[at],
                l * map.torque_nm_per_m[at],
                l * map.torque_ripple_nm_per_m[at]
            );
        }
    }
    text
}
