//! The family problem of a coalition: who may serve which axle at what cost, and what every module costs.

use std::collections::BTreeMap;

use codrive_cost::axle::{AxleFacts, axle_cost};
use codrive_cost::prices::Prices;
use codrive_cost::release::{Release, Site, capacity, capacity_discount, module_lines};
use codrive_cost::time::{peak_units, weighted_units};
use codrive_cost::unit::{InverterBill, Semiconductor, unit_material_eur};
use codrive_family::wish::under;
use codrive_model::family::{
    AssemblySite, Capacity, Column, FamilyModule, FamilyProblem, FamilyVehicle, Line, ModuleKind,
    TargetSplit,
};
use codrive_model::inverter::{Inverter, Technology};
use codrive_model::money::CostBreakdown;
use codrive_model::programme::ByYear;

use crate::candidates::{Candidate, Evaluation, Service};
use crate::fleet::FleetVehicle;
use crate::inputs::Inputs;
use crate::plants::{sites, start_of_production, units_by_year};
use crate::wishes::constraints;

/// What a selection needs beside its coalition.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The programme.
    pub inputs: &'a Inputs,
    /// All vehicles.
    pub fleet: &'a [FleetVehicle],
    /// All candidates and whom they can serve.
    pub evaluation: &'a Evaluation,
    /// Prices.
    pub prices: &'a Prices,
}

/// What one axle gets.
#[derive(Clone, Debug)]
pub struct Pick {
    /// The service: candidate, vehicle, axle, share.
    pub service: Service,
    /// What this axle costs with it and no other decision changes.
    pub direct: CostBreakdown,
    /// Section, machine, inverter, gear set: indices into the problem's modules.
    pub modules: [usize; 4],
}

/// The family problem of a coalition.
#[derive(Clone, Debug)]
pub struct Posed {
    /// The problem; partners are numbered within the coalition.
    pub problem: FamilyProblem,
    /// The plants that the lines and sites of the problem name by number: owner, by index in the programme, and id.
    pub plants: Vec<(usize, String)>,
    /// What may serve each vehicle of the coalition, as the problem lists it.
    pub offers: Vec<Offer>,
}

/// Poses the problem of a coalition.
#[must_use]
pub fn pose(scene: &Scene<'_>, coalition: &[usize]) -> Posed {
    let mut modules = Modules::default();
    let mut vehicles = Vec::new();
    let mut offers = Vec::new();
    for (v, car) in scene.fleet.iter().enumerate() {
        let Some(local) = coalition.iter().position(|p| *p == car.partner) else {
            continue;
        };
        let (vehicle, offer) = offer(scene, v, local, &mut modules);
        vehicles.push(vehicle);
        offers.push(offer);
    }
    let economics = &scene.inputs.programme.economics;
    let partners = &scene.inputs.partners;
    let named = sites(coalition, partners, scene.fleet, scene.prices, economics);
    let site_list: Vec<Site> = named.iter().map(|named| named.site).collect();
    let sites: Vec<AssemblySite> = named.into_iter().map(|named| named.assembly).collect();
    let owned = |site: &AssemblySite| (coalition[site.partner], site.id.clone());
    let plants = sites.iter().map(owned).collect();
    for vehicle in &mut vehicles {
        vehicle.sites = sites_of(vehicle, &sites);
    }
    let problem = FamilyProblem {
        partners: coalition.len(),
        sites,
        development_overhead: scene.inputs.programme.sharing.development_overhead,
        vehicles,
        modules: modules.released(
            |kind| capacity(kind, scene.prices, economics),
            |kind| lines(scene, coalition, &site_list, kind),
        ),
    };
    let wishes = constraints(scene.inputs, coalition, &problem.modules);
    Posed {
        problem: if wishes.is_empty() {
            problem
        } else {
            under(&problem, &wishes)
        },
        plants,
        offers,
    }
}

/// Its partner's plants that can assemble a vehicle at all.
fn sites_of(vehicle: &FamilyVehicle, sites: &[AssemblySite]) -> Vec<usize> {
    let able = |site: &usize| {
        let site = &sites[*site];
        site.partner == vehicle.partner && site.holds(vehicle.peak_edus())
    };
    (0..sites.len()).filter(able).collect()
}

/// The modules of a problem, numbered as they are met.
#[derive(Default)]
struct Modules {
    numbers: BTreeMap<(ModuleKind, String), usize>,
}

impl Modules {
    fn number(&mut self, kind: ModuleKind, id: String) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry((kind, id)).or_insert(next)
    }

    fn of(&mut self, candidate: &Candidate) -> [usize; 4] {
        let c = &candidate.configuration;
        [
            self.number(ModuleKind::Section, c.machine.section.clone()),
            self.number(ModuleKind::Machine, c.machine.id()),
            self.number(ModuleKind::Inverter, c.inverter.clone()),
            self.number(ModuleKind::GearSet, c.gear_set.clone()),
        ]
    }

    fn released(
        self,
        capacity: impl Fn(ModuleKind) -> Capacity,
        lines: impl Fn(ModuleKind) -> Vec<Line>,
    ) -> Vec<FamilyModule> {
        let mut modules: Vec<(usize, FamilyModule)> = self
            .numbers
            .into_iter()
            .map(|((kind, id), number)| {
                (
                    number,
                    FamilyModule {
                        kind,
                        id,
                        capacity: capacity(kind),
                        lines: lines(kind),
                    },
                )
            })
            .collect();
        modules.sort_by_key(|(number, _)| *number);
        modules.into_iter().map(|(_, module)| module).collect()
    }
}

/// All that may serve one vehicle: by split, axle and column.
pub type Offer = Vec<Vec<Vec<Pick>>>;

fn offer(
    scene: &Scene<'_>,
    v: usize,
    local: usize,
    modules: &mut Modules,
) -> (FamilyVehicle, Offer) {
    let car = &scene.fleet[v];
    let by_year = units_by_year(car);
    let mut offer: Offer = vec![vec![Vec::new(); car.axles.len()]; car.front_shares.len()];
    for service in scene.evaluation.services.iter().filter(|s| s.vehicle == v) {
        let candidate = &scene.evaluation.candidates[service.candidate];
        let direct = direct_cost(scene, service, candidate, &by_year);
        let modules = modules.of(candidate);
        offer[service.share][service.axle].push(Pick {
            service: *service,
            direct,
            modules,
        });
    }
    let splits = offer
        .iter()
        .zip(&car.front_shares)
        .map(|(axles, front_share)| TargetSplit {
            front_share: *front_share,
            columns: axles
                .iter()
                .map(|picks| picks.iter().map(column).collect())
                .collect(),
        });
    let economics = &scene.inputs.programme.economics;
    let units = weighted_units(&by_year, economics);
    let vehicle = FamilyVehicle {
        name: car.vehicle.id.clone(),
        partner: local,
        axle_units: vec![units; car.axles.len()],
        peak_units: peak_units(&by_year, economics),
        capacity_discount: capacity_discount(car.vehicle.volumes.first_year, economics),
        sites: Vec::new(),
        splits: splits.collect(),
    };
    (vehicle, offer)
}

fn column(pick: &Pick) -> Column {
    Column {
        configuration: pick.service.candidate,
        direct_eur: pick.direct.total_eur(),
        modules: pick.modules,
    }
}

fn direct_cost(
    scene: &Scene<'_>,
    service: &Service,
    candidate: &Candidate,
    by_year: &ByYear,
) -> CostBreakdown {
    let car = &scene.fleet[service.vehicle];
    let inverter = scene
        .inputs
        .inverters
        .iter()
        .find(|i| i.id == candidate.configuration.inverter);
    let bill = inverter_bill(inverter);
    let material = unit_material_eur(&candidate.mass, &bill, scene.prices);
    let facts = AxleFacts {
        units: by_year,
        start_of_production: car.vehicle.volumes.first_year,
        consumption_j_per_m: service.wltc_j_per_m,
    };
    axle_cost(
        &facts,
        &material,
        scene.prices,
        &scene.inputs.programme.economics,
    )
}

/// What an inverter's material depends on.
#[must_use]
pub fn inverter_bill(inverter: Option<&Inverter>) -> InverterBill {
    let silicon = inverter.is_none_or(|i| i.technology() == Technology::SiIgbt);
    InverterBill {
        die_area_mm2: inverter.map_or(0.0, |i| (i.transistor_area_m2 + i.diode_area_m2) * 1e6),
        semiconductor: if silicon {
            Semiconductor::Silicon
        } else {
            Semiconductor::SiliconCarbide
        },
        peak_power_w: inverter.map_or(0.0, apparent_power_w),
    }
}

/// Apparent power at the class voltage: 3 · V_dc/√6 · I_rms, the linear limit of modulation. It is
/// the inverter's own figure, whatever drives with it.
fn apparent_power_w(inverter: &Inverter) -> f64 {
    3.0 * inverter.voltage_class_v / 6.0_f64.sqrt() * inverter.peak_current_rms_a
}

/// The lines of a module: each partner's own, dated by its own first car; joint ones, dated by the
/// first car of all.
fn lines(scene: &Scene<'_>, coalition: &[usize], sites: &[Site], kind: ModuleKind) -> Vec<Line> {
    let economics = &scene.inputs.programme.economics;
    let start = |partner: &usize| start_of_production(scene.fleet, *partner);
    let release = |start_of_production, sharers| Release {
        kind,
        start_of_production,
        sharers,
        development_factor: 1.0,
        conversion_factor: 1.0,
    };
    let mut lines = Vec::new();
    for (local, partner) in coalition.iter().enumerate() {
        let own: Vec<Site> = sites
            .iter()
            .copied()
            .filter(|site| site.partner == local)
            .collect();
        let first_year = start(partner).unwrap_or(economics.base_year);
        lines.extend(module_lines(
            &release(first_year, &[]),
            &own,
            scene.prices,
            economics,
        ));
    }
    if coalition.len() > 1 {
        let all: Vec<usize> = (0..coalition.len()).collect();
        let first_year = coalition
            .iter()
            .filter_map(start)
            .min()
            .unwrap_or(economics.base_year);
        let joint = module_lines(&release(first_year, &all), sites, scene.prices, economics);
        lines.extend(joint.into_iter().filter(Line::is_joint));
    }
    lines
}
