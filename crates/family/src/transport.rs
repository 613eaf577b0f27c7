//! What a line's deliveries cost: for each partner the transport to one of its sites, and what its other sites add.
//!
//! Against prices, a line serves each axle at the site that pays most beside its transport. Lines with the same
//! additions agree on that site, so they share one order of those who pay ([`crate::payers`]).

use codrive_model::family::{AssemblySite, Line};

use crate::check::MAX_PARTNERS;

/// The deliveries of one line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transport {
    /// To a site of each partner, EUR per unit; infinite to those it does not serve.
    pub to_partners: [f64; MAX_PARTNERS],
    /// Index of what the sites add in [`Transports::additions`].
    pub additions: usize,
}

/// For each site what it adds to the transport to its partner, EUR per unit: infinite where nothing is delivered,
/// nothing said where the partner is not served, or the site assembles nothing.
pub(crate) type Additions = Vec<Option<f64>>;

/// The deliveries of all lines of a module.
#[derive(Clone, Debug)]
pub(crate) struct Transports {
    pub of_lines: Vec<Transport>,
    pub additions: Vec<Additions>,
}

impl Transports {
    /// Compares the lines of a module; only sites at which some vehicle may be assembled count.
    pub(crate) fn new(lines: &[Line], sites: &[AssemblySite], in_use: &[bool]) -> Self {
        let mut result = Self {
            of_lines: Vec::new(),
            additions: Vec::new(),
        };
        for line in lines {
            let mut to_partners = [f64::INFINITY; MAX_PARTNERS];
            for to in line.deliveries.iter().rev().filter(|to| in_use[to.site]) {
                to_partners[to.partner] = to.logistics_eur_per_unit;
            }
            let added = |(site, data): (usize, &AssemblySite)| {
                let base = to_partners[data.partner];
                let to = line.delivery(site);
                (in_use[site] && base.is_finite())
                    .then_some(to.map_or(f64::INFINITY, |to| to.logistics_eur_per_unit - base))
            };
            let added = sites.iter().enumerate().map(added).collect();
            let additions = result.index_of(added);
            result.of_lines.push(Transport {
                to_partners,
                additions,
            });
        }
        result
    }

    /// Additions that say the same as far as both say anything, completed by these; or these.
    fn index_of(&mut self, added: Additions) -> usize {
        let agree = |known: &Additions| {
            let mut both = known.iter().zip(&added);
            both.all(|(a, b)| a.is_none() || b.is_none() || a == b)
        };
        let Some(index) = self.additions.iter().position(agree) else {
            self.additions.push(added);
            return self.additions.len() - 1;
        };
        for (known, new) in self.additions[index].iter_mut().zip(added) {
            *known = known.or(new);
        }
        index
    }
}
