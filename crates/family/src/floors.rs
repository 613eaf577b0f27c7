//! What serving costs at the least: a glance at the prices shows which modules are not worth a
//! closer look.
//!
//! Converting a unit costs no less than at the volume of all axles that may still use the module
//! (the curve's mean falls), and a line's development is a part once and a part for each partner:
//! D (1 + o (n − 1)) = D (1 − o) + D o n. So a module that serves someone gains at most what all
//! its axles pay above that.

use crate::bound::Prices;
use crate::check::MAX_PARTNERS;
use crate::compact::{Axle, AxleSet, members, one_place_each};
use crate::lines::Lines;

/// Least costs of modules for the axles that may use them, EUR.
#[derive(Clone, Debug)]
pub(crate) struct Floors {
    modules: usize,
    /// For each axle and module the least that serving it costs; infinite where it may not use it.
    serving: Vec<f64>,
    /// For each driven axle its partner, and its axles by site.
    driven: Vec<(usize, Vec<usize>)>,
    /// For each module what a line costs at least, whoever uses it.
    once: Vec<f64>,
    /// And for each partner beside.
    each: Vec<f64>,
    /// For each module and line what converting a unit costs at least.
    of_lines: Vec<Vec<f64>>,
}

/// Memory that is used again and again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gains {
    of_partners: Vec<f64>,
    most: Vec<f64>,
    /// For each module the least value if it serves someone, EUR: cost less what is paid.
    pub least: Vec<f64>,
}

impl Floors {
    /// The floors while each module has these users at most.
    pub(crate) fn new(lines: &Lines, users: &[AxleSet]) -> Self {
        let modules = users.len();
        let mut floors = Self {
            modules,
            serving: vec![f64::INFINITY; lines.axles.len() * modules],
            driven: driven(lines.axles),
            once: vec![f64::INFINITY; modules],
            each: vec![f64::INFINITY; modules],
            of_lines: Vec::with_capacity(modules),
        };
        for (module, users) in users.iter().enumerate() {
            let of_lines = floors.module(lines, module, *users);
            floors.of_lines.push(of_lines);
        }
        floors
    }

    fn module(&mut self, lines: &Lines, module: usize, users: AxleSet) -> Vec<f64> {
        let overhead = lines.development_overhead;
        let mut floors = Vec::new();
        for line in lines.modules[module].lines.iter() {
            let transport = |axle: usize| {
                let to = line.delivery(lines.axles[axle].site)?;
                Some((axle, to.logistics_eur_per_unit))
            };
            let able: Vec<(usize, f64)> = members(users).filter_map(transport).collect();
            let places = able.iter().fold(0, |set, (axle, _)| set | 1 << axle);
            let once = one_place_each(lines.axles, places);
            let volume = members(once).map(|axle| lines.axles[axle].units).sum();
            let floor = line.conversion.unit_eur(volume);
            floors.push(floor);
            for (axle, transport) in able {
                let least = &mut self.serving[axle * self.modules + module];
                let serving = lines.axles[axle].units * (floor + transport);
                *least = least.min(serving + lines.used_eur(module, axle));
            }
            let once = line.development_eur * (1.0 - overhead) + line.tooling_eur;
            self.once[module] = self.once[module].min(once);
            self.each[module] = self.each[module].min(line.development_eur * overhead);
        }
        floors
    }

    /// For each line of a module what converting a unit costs at least, EUR.
    pub(crate) fn of_lines(&self, module: usize) -> &[f64] {
        &self.of_lines[module]
    }

    /// For each module a lower bound of its value against prices if it serves someone.
    pub(crate) fn least(&self, prices: &Prices, gains: &mut Gains) {
        let n = self.modules;
        gains.of_partners.clear();
        gains.of_partners.resize(MAX_PARTNERS * n, 0.0);
        for (partner, axles) in &self.driven {
            let of_partner = &mut gains.of_partners[partner * n..(partner + 1) * n];
            let gained = |axle: usize| {
                let serving = &self.serving[axle * n..(axle + 1) * n];
                let both = prices.of(axle).iter().zip(serving);
                both.map(|(price, least)| (price - least).max(0.0))
            };
            if let [axle] = axles[..] {
                of_partner
                    .iter_mut()
                    .zip(gained(axle))
                    .for_each(|(sum, gain)| *sum += gain);
                continue;
            }
            // At one of its sites.
            gains.most.clear();
            gains.most.resize(n, 0.0);
            for axle in axles {
                let both = gains.most.iter_mut().zip(gained(*axle));
                both.for_each(|(most, gain)| *most = most.max(gain));
            }
            let both = of_partner.iter_mut().zip(&gains.most);
            both.for_each(|(sum, gain)| *sum += gain);
        }
        gains.least.clone_from(&self.once);
        for of_partner in gains.of_partners.chunks_exact(n.max(1)) {
            for ((least, gain), each) in gains.least.iter_mut().zip(of_partner).zip(&self.each) {
                *least -= (gain - each).max(0.0);
            }
        }
    }
}

/// For each driven axle its partner, and its axles by site.
fn driven(axles: &[Axle]) -> Vec<(usize, Vec<usize>)> {
    let count = axles.iter().map(|axle| axle.driven + 1).max().unwrap_or(0);
    let mut result = vec![(0, Vec::new()); count];
    for (index, axle) in axles.iter().enumerate() {
        let (partner, places) = &mut result[axle.driven];
        *partner = axle.partner;
        places.push(index);
    }
    result
}
