//! What is still to be searched, the most promising first.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::ascent::Ascent;
use crate::bound::{Prices, Terms};
use crate::branching::Decision;
use crate::compact::Compact;

/// A part of the selection that is still to be searched.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub bound: f64,
    pub number: usize,
    pub compact: Arc<Compact>,
    pub terms: Arc<Terms>,
    pub from: From,
}

/// Where a node starts.
#[derive(Clone, Debug)]
pub(crate) enum From {
    Root(Box<Prices>),
    Parent(Arc<Ascent>, Decision),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Node {}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Node {
    /// The lowest bound comes first, then the newest.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .bound
            .total_cmp(&self.bound)
            .then(self.number.cmp(&other.number))
    }
}
