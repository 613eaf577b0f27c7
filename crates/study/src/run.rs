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
use crate::fleet::prepare;
use crate::folders::{Render, Staging};
use crate::inputs::{CLEAN_TEAM, Inputs, read};
use crate::out;
use crate::partner::Partner;
use crate::plants::assemblies;
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
    let economics = &inputs.programme.economics;
    let assemblies = assemblies(&inputs.partners, &fleet, economics)?;
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
        assemblies: &assemblies,
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
        assemblies: &assemblies,
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
    let mut staging = Staging::new(&options.out)?;
    let summary = write_clean_team(findings, &fitted, &releases, options, &mut staging, clock)?;
    progress.done(1);
    for (partner, release) in releases.iter().enumerate() {
        write_partner(findings, partner, release, options, &mut staging)?;
        progress.done(1);
    }
    staging.publish()?;
    Ok(Outcome {
        summary,
        out: options.out.clone(),
    })
}

fn write_clean_team(
    findings: &Findings<'_>,
    fitted: &[Fitted],
    releases: &[Release],
    options: &Options<'_>,
    staging: &mut Staging,
    mut clock: Clock,
) -> Result<Summary, StudyError> {
    let mut folder = staging.folder(CLEAN_TEAM)?;
    let data = clock.time("vehicles", || clean_team(findings, fitted))?;
    folder.write_report(&data, options.render)?;
    for release in releases {
        folder.write_json(&format!("released/{}.json", release.partner), release)?;
    }
    folder.write_json("released/log.json", &log(releases))?;
    let inputs = findings.inputs;
    let mut sources: Vec<&Source> = vec![&inputs.source];
    sources.extend(inputs.partners.iter().flat_map(Partner::sources));
    sources.extend(inputs.sections.iter().map(|s| &s.source));
    folder.finish(&inputs.source, &sources, &clock.seconds)?;
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
    share: String,
}

fn log(releases: &[Release]) -> Vec<Given<'_>> {
    releases.iter().map(given).collect()
}

fn given(release: &Release) -> Given<'_> {
    let Release {
        partner,
        modules,
        assignment,
        transfer_prices,
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
        share: share.label(),
    }
}

/// A partner's folder, from its release and its own inputs.
fn write_partner(
    findings: &Findings<'_>,
    partner: usize,
    release: &Release,
    options: &Options<'_>,
    staging: &mut Staging,
) -> Result<(), StudyError> {
    let own_inputs = findings.inputs.for_partner(partner);
    let front_shares = &own_inputs.programme.candidates.front_shares;
    let own_fleet = prepare(&own_inputs.partners, front_shares)?;
    let alone = findings.settlement.alone(partner);
    let own = Own {
        inputs: &own_inputs,
        fleet: &own_fleet,
        sections: findings.sections,
        tables: findings.tables,
        evaluated: (
            findings.evaluation.evaluated_for(&[partner]),
            findings.evaluation.feasible_for(findings.fleet, &[partner]),
        ),
        alone: alone.cost,
        alone_lower_bound_eur: alone.solution.lower_bound_eur,
        plan_alone: &findings.settlement.plans_alone[partner],
        effects: &findings.own_doubts[partner],
    };
    let mut folder = staging.folder(&release.partner)?;
    let data = partner_report(release, &own)?;
    folder.write_report(&data, options.render)?;
    let mut sources = vec![&own_inputs.source];
    sources.extend(own_inputs.partners[0].sources());
    sources.extend(own_inputs.sections.iter().map(|s| &s.source));
    let received = serde_json::to_string_pretty(release).unwrap_or_default() + "\n";
    let name = format!("released/{}.json", release.partner);
    let received = Source::shipped(&name, &received);
    sources.push(&received);
    folder.finish(&own_inputs.source, &sources, &BTreeMap::new())
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
        let mut lines = vec![
            format!(
                "{} sections, {} operating points, {} configurations evaluated, {} feasible",
                self.summary.sections_simulated,
                self.summary.operating_points_solved,
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
