//! `codrive run`: the order of the stages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use codrive_model::doubt::InputEffect;
use codrive_model::input::Source;
use codrive_model::summary::Summary;
use serde::Serialize;

use crate::cache::Cache;
use crate::candidates::{evaluate, tables};
use crate::doubt;
use crate::error::StudyError;
use crate::fleet::{FleetVehicle, prepare};
use crate::folders::{Render, Staging, json_bytes};
use crate::inference::{Inference, disclosure, infer};
use crate::inputs::{CLEAN_TEAM, Inputs, read};
use crate::out;
use crate::partner::Partner;
use crate::plants::check_plants;
use crate::problem::Scene;
use crate::progress::Progress;
use crate::reach::check_reach;
use crate::release::{Own, Release, partner_report, release};
use crate::results::{Findings, Fitted, clean_team, fit};
use crate::sections::solve_all;
use crate::settlement::settle;
use crate::tradeoffs::tradeoffs;

/// Where a run writes, and what it may use.
#[derive(Clone)]
pub struct Options<'a> {
    /// Folder for the results.
    pub out: PathBuf,
    /// Folder for finished sections.
    pub cache: PathBuf,
    /// Use nothing from the cache.
    pub fresh: bool,
    /// Draws reports.
    pub render: Render<'a>,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The clean team's summary.
    pub summary: Summary,
    /// Folder of the results.
    pub out: PathBuf,
}

/// Seconds by stage.
#[derive(Default)]
struct Clock {
    seconds: BTreeMap<String, f64>,
}

impl Clock {
    fn time<T>(
        &mut self,
        stage: &str,
        work: impl FnOnce() -> Result<T, StudyError>,
    ) -> Result<T, StudyError> {
        let begun = Instant::now();
        let result = work();
        self.seconds
            .insert(stage.to_owned(), begun.elapsed().as_secs_f64());
        result
    }
}

/// The whole job: from the partners' files to folders of results.
///
/// # Errors
/// Wrong inputs, a target that no candidate meets, files that cannot be written, or a stop.
pub fn run(
    programme: &Path,
    options: &Options<'_>,
    progress: &dyn Progress,
) -> Result<Outcome, StudyError> {
    out::check(&options.out)?;
    let mut clock = Clock::default();
    let inputs = clock.time("inputs", || read(programme))?;
    let candidates = &inputs.programme.candidates;
    let fleet = clock.time("requirements", || {
        prepare(&inputs.partners, &candidates.front_shares)
    })?;
    check_plants(&inputs.partners, &fleet, &inputs.programme.economics)?;
    let cache = Cache::open(&options.cache, options.fresh)?;
    let sections = clock.time("sections", || {
        solve_all(&inputs.sections, inputs.programme.field, &cache, progress)
    })?;
    let tables = tables(&inputs, &sections)?;
    let evaluation = clock.time("units", || evaluate(&inputs, &tables, &fleet, progress))?;
    check_reach(&inputs, &tables, &fleet, &evaluation)?;
    let scene = Scene {
        inputs: &inputs,
        fleet: &fleet,
        evaluation: &evaluation,
        prices: &inputs.prices,
    };
    let settlement = clock.time("selection", || settle(&scene, progress))?;
    let in_doubt = clock.time("doubt", || doubt::doubt(&scene, &settlement, progress))?;
    let traded = clock.time("trade-offs", || tradeoffs(&scene, &settlement, progress))?;
    let own_doubts: Vec<Vec<InputEffect>> = (0..inputs.partners.len())
        .map(|partner| doubt::alone(&scene, &settlement, partner))
        .collect::<Result<_, _>>()?;
    let findings = Findings {
        inputs: &inputs,
        fleet: &fleet,
        sections: &sections,
        tables: &tables,
        evaluation: &evaluation,
        settlement: &settlement,
        doubt: &in_doubt,
        tradeoffs: &traded,
        own_doubts: &own_doubts,
    };
    write(&findings, options, clock, progress)
}

fn write(
    findings: &Findings<'_>,
    options: &Options<'_>,
    mut clock: Clock,
    progress: &dyn Progress,
) -> Result<Outcome, StudyError> {
    let inputs = findings.inputs;
    progress.stage("results", inputs.partners.len() + 1);
    let fitted = clock.time("chosen units", || fit(findings))?;
    let releases: Vec<Release> = (0..inputs.partners.len())
        .map(|partner| release(findings, &fitted, partner))
        .collect();
    let readers = readers(findings, releases)?;
    let mut staging = Staging::new(&options.out)?;
    let summary = write_clean_team(findings, &fitted, &readers, options, &mut staging, clock)?;
    progress.done(1);
    for reader in &readers {
        write_partner(findings, reader, options, &mut staging)?;
        progress.done(1);
    }
    staging.publish()?;
    Ok(Outcome {
        summary,
        out: options.out.clone(),
    })
}

/// A partner as reader of its folder: its release, its own files, and what it can compute from both.
struct Reader {
    partner: usize,
    release: Release,
    inputs: Inputs,
    fleet: Vec<FleetVehicle>,
    inference: Inference,
}

fn readers(findings: &Findings<'_>, releases: Vec<Release>) -> Result<Vec<Reader>, StudyError> {
    let reader = |(partner, release)| {
        let inputs = findings.inputs.for_partner(partner);
        let fleet = prepare(&inputs.partners, &inputs.programme.candidates.front_shares)?;
        let inference = infer(&release, &own(findings, partner, &inputs, &fleet))?;
        Ok(Reader {
            partner,
            release,
            inputs,
            fleet,
            inference,
        })
    };
    releases.into_iter().enumerate().map(reader).collect()
}

/// What a partner has beside its release.
fn own<'a>(
    findings: &Findings<'a>,
    partner: usize,
    inputs: &'a Inputs,
    fleet: &'a [FleetVehicle],
) -> Own<'a> {
    let alone = findings.settlement.alone(partner);
    let evaluation = findings.evaluation;
    Own {
        inputs,
        fleet,
        sections: findings.sections,
        tables: findings.tables,
        evaluated: (
            evaluation.evaluated_for(&[partner]),
            evaluation.feasible_for(findings.fleet, &[partner]),
        ),
        alone: alone.cost,
        alone_lower_bound_eur: alone.solution.lower_bound_eur,
        unavoidable_eur: alone.solution.unavoidable_eur,
        plan_alone: &findings.settlement.plans_alone[partner],
        effects: &findings.own_doubts[partner],
    }
}

/// What a partner can compute from its release, for the clean team.
#[derive(Serialize)]
struct Inferred<'a> {
    partner: &'a str,
    inference: &'a Inference,
}

fn inferred(reader: &Reader) -> Inferred<'_> {
    Inferred {
        partner: &reader.release.partner,
        inference: &reader.inference,
    }
}

/// The same in words.
fn inferred_in_words(reader: &Reader) -> Vec<String> {
    let lines = disclosure(&reader.release, &reader.inference).into_iter();
    lines
        .map(|line| format!("{}: {line}", reader.release.partner))
        .collect()
}

fn write_clean_team(
    findings: &Findings<'_>,
    fitted: &[Fitted],
    readers: &[Reader],
    options: &Options<'_>,
    staging: &mut Staging,
    mut clock: Clock,
) -> Result<Summary, StudyError> {
    let mut folder = staging.folder(CLEAN_TEAM)?;
    let words: Vec<String> = readers.iter().flat_map(inferred_in_words).collect();
    let data = clock.time("vehicles", || clean_team(findings, fitted, &words))?;
    folder.write_report(&data, options.render)?;
    for Reader { release, .. } in readers {
        folder.write_json(&format!("released/{}.json", release.partner), release)?;
    }
    let given: Vec<Given<'_>> = readers
        .iter()
        .map(|reader| given(&reader.release))
        .collect();
    folder.write_json("released/log.json", &given)?;
    let all: Vec<Inferred<'_>> = readers.iter().map(inferred).collect();
    folder.write_json("inferred.json", &all)?;
    let inputs = findings.inputs;
    let mut sources: Vec<&Source> = vec![&inputs.source];
    sources.extend(inputs.partners.iter().flat_map(Partner::sources));
    sources.extend(inputs.sections.iter().map(|s| &s.source));
    folder.finish(&inputs.source, &sources, Some(&clock.seconds))?;
    Ok(data.summary)
}

/// Who was given what.
#[derive(Serialize)]
struct Given<'a> {
    partner: &'a str,
    file: String,
    modules: usize,
    axles: usize,
    transfer_prices: usize,
    deliveries: usize,
    share: String,
}

fn given(release: &Release) -> Given<'_> {
    let Release {
        partner,
        modules,
        assignment,
        transfer_prices,
        deliveries,
        share,
        ..
    } = release;
    let count = [
        &modules.sections,
        &modules.machines,
        &modules.inverters,
        &modules.gear_sets,
    ];
    Given {
        partner,
        file: format!("released/{partner}.json"),
        modules: count.iter().map(|list| list.len()).sum(),
        axles: assignment.len(),
        transfer_prices: transfer_prices.len(),
        deliveries: deliveries.len(),
        share: share.label(),
    }
}

/// A partner's folder, from its release and its own inputs; how long anything took is not in it.
fn write_partner(
    findings: &Findings<'_>,
    reader: &Reader,
    options: &Options<'_>,
    staging: &mut Staging,
) -> Result<(), StudyError> {
    let Reader {
        partner,
        release,
        inputs,
        fleet,
        inference,
    } = reader;
    let mut folder = staging.folder(&release.partner)?;
    let data = partner_report(release, inference, &own(findings, *partner, inputs, fleet))?;
    folder.write_report(&data, options.render)?;
    let mut sources = vec![&inputs.source];
    sources.extend(inputs.partners[0].sources());
    sources.extend(inputs.sections.iter().map(|s| &s.source));
    let name = format!("released/{}.json", release.partner);
    let bytes = json_bytes(Path::new(&name), release)?;
    let received = Source::shipped(&name, &String::from_utf8_lossy(&bytes));
    sources.push(&received);
    folder.finish(&inputs.source, &sources, None)
}

impl Outcome {
    /// What a person wants to know first.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let Summary {
            cost,
            family,
            configurations,
            ..
        } = &self.summary;
        let meur = |eur: f64| format!("{:.1} MEUR", eur * 1e-6);
        let together = cost.together_eur.unwrap_or(0.0);
        let alone: f64 = cost.alone_eur.values().sum();
        let left_out: usize = configurations.pruned.values().sum();
        let mut lines = vec![
            format!(
                "{} sections, {} operating points",
                self.summary.sections_simulated, self.summary.operating_points_solved
            ),
            format!(
                "{} configurations: {left_out} left out by proof, {} evaluated, {} feasible",
                left_out + configurations.evaluated,
                configurations.evaluated,
                configurations.feasible
            ),
            format!(
                "alone {}, together {}: {} less ({:.1} %); proven within {:.2} % ({:.2} % of what decisions change)",
                meur(alone),
                meur(together),
                meur(alone - together),
                100.0 * (alone - together) / alone,
                100.0 * family.gap.unwrap_or(0.0),
                100.0 * family.gap_of_avoidable.unwrap_or(0.0)
            ),
        ];
        for (partner, share) in &cost.share_eur {
            lines.push(format!(
                "{partner}: alone {}, pays {}; start of production after {:.0} instead of {:.0} months",
                meur(cost.alone_eur[partner]),
                meur(*share),
                cost.months_together,
                cost.months_alone[partner]
            ));
        }
        lines.push(format!(
            "modules: {} sections, {} machines, {} inverters, {} gear sets for {} axles",
            family.modules.sections.len(),
            family.modules.machines.len(),
            family.modules.inverters.len(),
            family.modules.gear_sets.len(),
            family.assignment.len()
        ));
        lines.push(format!(
            "report: {}",
            self.out.join(CLEAN_TEAM).join("report.html").display()
        ));
        lines
    }
}

impl Inputs {
    /// The programme with one partner's files only.
    #[must_use]
    pub fn for_partner(&self, partner: usize) -> Self {
        Self {
            partners: vec![self.partners[partner].clone()],
            ..self.clone()
        }
    }
}
