//! What vehicles and modules were seen to answer, and how much of each answer the relaxation takes.
//!
//! A vehicle or a module is a block. At any prices its least value is at most that of each answer: a
//! vehicle's is direct cost plus the prices it pays, a module's its cost less the prices it earns.

use crate::bound::{Evaluation, Pick, Prices, Scene};
use crate::compact::{AxleSet, Vehicle, members};

/// Answers without a weight are forgotten when they were not the best for so many rounds.
const MEMORY: u32 = 30;

/// Weights below this count as none.
pub(crate) const NOTHING: f64 = 1e-12;

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Answer {
    /// A vehicle takes these columns, by the model's indices.
    Columns { way: usize, indices: [u32; 2] },
    /// A module serves these axles.
    Axles(AxleSet),
}

/// An answer, with its weight in the relaxation.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub answer: Answer,
    /// Direct cost, or cost of the module, EUR.
    pub cost: f64,
    /// The prices it pays or earns: positions in [`Prices`].
    pub rows: Box<[u32]>,
    pub weight: f64,
    /// Rounds since it was the best.
    pub unused: u32,
}

impl Cut {
    /// Whether it uses a module.
    pub(crate) fn uses(&self) -> bool {
        self.answer != Answer::Axles(0)
    }

    /// Number of prices that only one of two answers pays or earns.
    pub(crate) fn differs_from(&self, other: &Self) -> f64 {
        if let (Answer::Axles(a), Answer::Axles(b)) = (self.answer, other.answer) {
            return f64::from((a ^ b).count_ones());
        }
        let common = self.rows.iter().filter(|row| other.rows.contains(row));
        #[allow(clippy::cast_precision_loss)]
        let differing = (self.rows.len() + other.rows.len() - 2 * common.count()) as f64;
        differing
    }
}

/// All answers of a vehicle or a module.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub cuts: Vec<Cut>,
    /// The kind of module; `None` of a vehicle.
    pub kind: Option<usize>,
}

impl Block {
    fn new(kind: Option<usize>) -> Self {
        let cuts = Vec::new();
        Self { cuts, kind }
    }

    /// Adds an answer if it is new.
    fn learn(&mut self, answer: Answer, cost: f64, rows: impl FnOnce() -> Box<[u32]>) {
        if let Some(known) = self.cuts.iter_mut().find(|cut| cut.answer == answer) {
            known.unused = 0;
            return;
        }
        self.cuts.push(Cut {
            answer,
            cost,
            rows: rows(),
            weight: 0.0,
            unused: 0,
        });
    }

    /// Forgets what was of no use for long.
    fn forget(&mut self) {
        self.cuts.iter_mut().for_each(|cut| cut.unused += 1);
        self.cuts
            .retain(|cut| cut.weight > NOTHING || cut.unused <= MEMORY);
    }

    /// Makes the weights sum to one.
    pub(crate) fn balance(&mut self) {
        let sum: f64 = self.cuts.iter().map(|cut| cut.weight).sum();
        if sum > NOTHING {
            self.cuts.iter_mut().for_each(|cut| cut.weight /= sum);
        } else if let Some(cut) = self.cuts.last_mut() {
            cut.weight = 1.0;
        }
    }
}

/// The blocks of all vehicles, and of all modules.
#[derive(Clone, Debug)]
pub(crate) struct Blocks {
    pub vehicles: Vec<Block>,
    pub modules: Vec<Block>,
}

impl Blocks {
    /// No answers yet.
    pub(crate) fn new(scene: &Scene) -> Self {
        let mut modules = vec![Block::new(None); scene.users.len()];
        for (kind, of_kind) in scene.kinds.0.iter().enumerate() {
            let blocks = of_kind.iter();
            blocks.for_each(|module| modules[*module].kind = Some(kind));
        }
        let vehicles = vec![Block::new(None); scene.compact.vehicles.len()];
        Self { vehicles, modules }
    }

    /// Every block, vehicles first.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut Block> {
        self.vehicles.iter_mut().chain(&mut self.modules)
    }

    /// Takes in what an evaluation found, and forgets what was of no use for long.
    pub(crate) fn learn(&mut self, scene: &Scene, prices: &Prices, seen: &Evaluation) {
        self.all_mut().for_each(Block::forget);
        let vehicles = scene.compact.vehicles.iter().zip(&seen.picks);
        for ((vehicle, pick), block) in vehicles.zip(&mut self.vehicles) {
            if let Some(pick) = pick {
                learn_columns(block, vehicle, *pick, prices.modules);
            }
        }
        for (module, offer) in seen.offers.iter().enumerate() {
            let block = &mut self.modules[module];
            if !scene.terms.duties[module].used {
                block.learn(Answer::Axles(0), 0.0, Box::default);
            }
            let axles = offer.axles_if_used;
            if offer.exact && axles != 0 {
                let paid: f64 = members(axles).map(|axle| prices.at(axle, module)).sum();
                let rows = || rows_of(axles, module, prices.modules);
                block.learn(Answer::Axles(axles), offer.value_if_used + paid, rows);
            }
        }
    }

    /// Drops what the decisions of a scene no longer allow.
    pub(crate) fn restrict(&mut self, scene: &Scene) {
        for (vehicle, block) in scene.compact.vehicles.iter().zip(&mut self.vehicles) {
            block.cuts.retain(|cut| has_columns(vehicle, cut.answer));
        }
        for (module, block) in self.modules.iter_mut().enumerate() {
            restrict_module(scene, module, block);
        }
    }
}

fn learn_columns(block: &mut Block, vehicle: &Vehicle, pick: Pick, modules: usize) {
    let way = &vehicle.ways[pick.way];
    let column = |offset: usize| &way.lists[offset][pick.columns[offset]];
    let (mut cost, mut indices) = (0.0, [0; 2]);
    for (offset, index) in indices.iter_mut().enumerate().take(way.lists.len()) {
        cost += column(offset).direct;
        *index = column(offset).index;
    }
    let rows = || {
        let of_axle = |offset: usize| {
            #[allow(clippy::cast_possible_truncation)]
            let first = ((way.first_axle + offset) * modules) as u32;
            column(offset).modules.map(|module| first + module)
        };
        (0..way.lists.len()).flat_map(of_axle).collect()
    };
    let way = pick.way;
    block.learn(Answer::Columns { way, indices }, cost, rows);
}

fn has_columns(vehicle: &Vehicle, answer: Answer) -> bool {
    let Answer::Columns { way, indices } = answer else {
        return false;
    };
    let mut lists = vehicle.ways[way].lists.iter().zip(indices);
    lists.all(|(list, index)| list.binary_search_by_key(&index, |c| c.index).is_ok())
}

fn rows_of(axles: AxleSet, module: usize, modules: usize) -> Box<[u32]> {
    #[allow(clippy::cast_possible_truncation)]
    let row = |axle: usize| (axle * modules + module) as u32;
    members(axles).map(row).collect()
}

/// Takes out of a module's answers whom it may no longer serve, puts in whom it must.
fn restrict_module(scene: &Scene, module: usize, block: &mut Block) {
    let duty = scene.terms.duties[module];
    for cut in &mut block.cuts {
        let Answer::Axles(axles) = cut.answer else {
            continue;
        };
        let left = axles & scene.users[module] | if axles == 0 { 0 } else { duty.axles };
        if left != axles {
            cut.answer = Answer::Axles(left);
            cut.cost = scene.lines.cost(module, left);
            cut.rows = rows_of(left, module, scene.users.len());
        }
    }
    block.cuts.retain(|cut| {
        let Answer::Axles(axles) = cut.answer else {
            return false;
        };
        let partners = scene.lines.partners_of(axles);
        let serves = axles != 0 || !duty.used;
        serves && duty.partners & !partners == 0 && cut.cost < f64::INFINITY
    });
}
