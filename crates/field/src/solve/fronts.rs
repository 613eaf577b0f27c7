//! The plan of a multifrontal factorisation: which unknowns are eliminated together, in which order,
//! and where everything lies. Made once for a mesh topology; it holds no values.
//!
//! A part (rotor or stator) has interior unknowns, which are eliminated, and ring unknowns, which
//! stay. A *front* is a dense matrix of `pivots` unknowns that are eliminated together and the
//! `rows` that they touch later on (Duff & Reid 1983). Eliminating the pivots leaves an update of
//! the rows, which is added to the parent's front. Small fronts are merged with their parents where
//! the zeros that this brings in cost less than what it saves (Ashcraft & Grimes 1989). Each front
//! has one more row, the right-hand side, so that the forward substitution is part of the elimination.

use std::ops::Range;

use super::ordering;

/// Symmetric pattern of a part: neighbours of each unknown, the ring's unknowns last.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Unknowns that are eliminated.
    pub interior: usize,
    /// Neighbours of each unknown, ascending, without itself.
    pub neighbours: Vec<Vec<u32>>,
}

/// One dense block of the elimination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// Eliminated unknowns, numbered in the order of elimination.
    pub pivots: Range<usize>,
    /// Unknowns that the pivots touch and that are eliminated later, ascending.
    pub rows: Vec<u32>,
    /// Fronts whose updates are added to this one.
    pub children: Vec<u32>,
    /// Place of each of `rows` and of the right-hand side within the parent.
    pub in_parent: Vec<u32>,
    /// Start of the pivots' columns among all columns, in entries.
    pub panel: usize,
    /// Start of the update in the memory for updates, in entries.
    pub update: usize,
}

impl Front {
    /// Number of eliminated unknowns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.pivots.len()
    }

    /// Rows of the update, the right-hand side among them.
    #[must_use]
    pub fn below(&self) -> usize {
        self.rows.len() + 1
    }

    /// Entries of the pivots' columns: rows by rows, the triangle at the top stored as a square.
    #[must_use]
    pub fn panel_len(&self) -> usize {
        self.width() * (self.width() + self.below())
    }

    /// Entries of the update: a lower triangle by rows.
    #[must_use]
    pub fn update_len(&self) -> usize {
        triangle(self.below())
    }
}

/// Entries of a lower triangle with `n` rows.
#[must_use]
#[inline(always)]
pub const fn triangle(n: usize) -> usize {
    n * (n + 1) / 2
}

/// The plan for a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fronts {
    /// Unknowns that are eliminated.
    pub interior: usize,
    /// Unknowns of the ring.
    pub ring: usize,
    /// Place of each unknown in the order of elimination; the ring's keep theirs.
    pub place: Vec<u32>,
    /// Fronts, children before parents; the last has no pivots and collects the ring.
    pub fronts: Vec<Front>,
    /// Entries of all pivots' columns.
    pub panel_len: usize,
    /// Entries of memory for updates.
    pub update_len: usize,
}

/// Operations and storage of a plan, for one matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Multiply-adds of a factorisation, with the zeros that merging brings in.
    pub multiply_adds: usize,
    /// Entries of the factor.
    pub entries: usize,
    /// Fronts.
    pub fronts: usize,
}

impl Fronts {
    /// Orders and plans the elimination of a part's interior.
    #[must_use]
    pub fn new(graph: &Graph) -> Self {
        let order = ordering::order(graph);
        let tree = Tree::new(graph, &order).merged();
        tree.plan(graph, &order)
    }

    /// Operations and storage.
    #[must_use]
    pub fn effort(&self) -> Effort {
        let mut effort = Effort::default();
        for front in &self.fronts {
            let (k, below) = (front.width(), front.below());
            effort.multiply_adds +=
                k * (k + 1) * (k + 2) / 6 + triangle(k) * below + k * triangle(below);
            effort.entries += triangle(k) + k * below;
        }
        effort.fronts = self.fronts.len();
        effort
    }
}

/// Sets of unknowns eliminated together, while they are being merged.
struct Tree {
    nodes: Vec<Node>,
    interior: usize,
}

struct Node {
    /// Eliminated unknowns in the first order, ascending.
    pivots: Vec<u32>,
    /// Rows in the first order, ascending.
    rows: Vec<u32>,
    parent: usize,
    children: Vec<usize>,
    /// Swallowed by its parent.
    gone: bool,
}

const RING: usize = usize::MAX;

impl Tree {
    /// Structure of the factor's columns, equal ones joined.
    fn new(graph: &Graph, order: &[u32]) -> Self {
        let n = graph.interior;
        let place = invert(order, graph.neighbours.len());
        let mut columns: Vec<Vec<u32>> = Vec::with_capacity(n);
        let mut heads: Vec<Vec<usize>> = vec![Vec::new(); n];
        let mut mark = vec![u32::MAX; graph.neighbours.len()];
        for j in 0..n {
            #[allow(clippy::cast_possible_truncation)]
            let stamp = j as u32;
            mark[j] = stamp;
            let mut column: Vec<u32> = Vec::new();
            let own = graph.neighbours[order[j] as usize]
                .iter()
                .map(|i| place[*i as usize]);
            let below = heads[j]
                .iter()
                .flat_map(|c: &usize| columns[*c].iter().copied());
            for i in own.chain(below) {
                if i > stamp && mark[i as usize] != stamp {
                    mark[i as usize] = stamp;
                    column.push(i);
                }
            }
            column.sort_unstable();
            if let Some(first) = column.first().filter(|i| (**i as usize) < n) {
                heads[*first as usize].push(j);
            }
            columns.push(column);
        }
        let mut node_of = vec![RING; n];
        let mut nodes: Vec<Node> = Vec::new();
        for j in 0..n {
            let continues = j > 0
                && columns[j - 1].first().map(|i| *i as usize) == Some(j)
                && columns[j - 1].len() == columns[j].len() + 1;
            if !continues {
                nodes.push(Node {
                    pivots: Vec::new(),
                    rows: Vec::new(),
                    parent: RING,
                    children: Vec::new(),
                    gone: false,
                });
            }
            let at = nodes.len() - 1;
            node_of[j] = at;
            #[allow(clippy::cast_possible_truncation)]
            nodes[at].pivots.push(j as u32);
            nodes[at].rows = std::mem::take(&mut columns[j]);
        }
        for at in 0..nodes.len() {
            if let Some(first) = nodes[at].rows.first().filter(|i| (**i as usize) < n) {
                let parent = node_of[*first as usize];
                nodes[at].parent = parent;
                nodes[parent].children.push(at);
            }
        }
        Self { nodes, interior: n }
    }

    /// Merges children into parents while that saves time.
    fn merged(mut self) -> Self {
        for parent in 0..self.nodes.len() {
            loop {
                let gain = |child: &usize| self.gain(*child, parent);
                let best = self.nodes[parent]
                    .children
                    .iter()
                    .map(|c| (gain(c), *c))
                    .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
                let Some((gain, child)) = best else { break };
                if gain <= 0.0 {
                    break;
                }
                self.swallow(child, parent);
            }
        }
        self
    }

    fn gain(&self, child: usize, parent: usize) -> f64 {
        let (c, p) = (&self.nodes[child], &self.nodes[parent]);
        cost(c.pivots.len(), c.rows.len()) + cost(p.pivots.len(), p.rows.len())
            - cost(c.pivots.len() + p.pivots.len(), p.rows.len())
    }

    fn swallow(&mut self, child: usize, parent: usize) {
        let pivots = std::mem::take(&mut self.nodes[child].pivots);
        let grandchildren = std::mem::take(&mut self.nodes[child].children);
        self.nodes[child].gone = true;
        for g in &grandchildren {
            self.nodes[*g].parent = parent;
        }
        let node = &mut self.nodes[parent];
        node.pivots.extend(pivots);
        node.pivots.sort_unstable();
        node.children.retain(|c| *c != child);
        node.children.extend(grandchildren);
        node.children.sort_unstable();
    }

    /// Numbers the unknowns by the merged tree and lays out the memory.
    fn plan(&self, graph: &Graph, order: &[u32]) -> Fronts {
        let (n, all) = (self.interior, graph.neighbours.len());
        let alive: Vec<usize> = self.postorder();
        let mut final_place = vec![0_u32; all];
        let mut next = 0;
        for at in &alive {
            for j in &self.nodes[*at].pivots {
                final_place[*j as usize] = next;
                next += 1;
            }
        }
        #[allow(clippy::cast_possible_truncation)]
        for (j, place) in final_place.iter_mut().enumerate().skip(n) {
            *place = j as u32;
        }
        let mut number = vec![alive.len(); self.nodes.len()];
        for (k, at) in alive.iter().enumerate() {
            number[*at] = k;
        }
        let mut fronts: Vec<Front> = Vec::with_capacity(alive.len() + 1);
        for at in &alive {
            let node = &self.nodes[*at];
            let first = final_place[node.pivots[0] as usize] as usize;
            let mut rows: Vec<u32> = node.rows.iter().map(|i| final_place[*i as usize]).collect();
            rows.sort_unstable();
            #[allow(clippy::cast_possible_truncation)]
            let children = node.children.iter().map(|c| number[*c] as u32).collect();
            fronts.push(Front {
                pivots: first..first + node.pivots.len(),
                rows,
                children,
                in_parent: Vec::new(),
                panel: 0,
                update: 0,
            });
        }
        #[allow(clippy::cast_possible_truncation)]
        let roots = alive
            .iter()
            .enumerate()
            .filter(|(_, at)| self.nodes[**at].parent == RING)
            .map(|(k, _)| k as u32)
            .collect();
        #[allow(clippy::cast_possible_truncation)]
        fronts.push(Front {
            pivots: n..n,
            rows: (n as u32..all as u32).collect(),
            children: roots,
            in_parent: Vec::new(),
            panel: 0,
            update: 0,
        });
        let mut place = vec![0_u32; all];
        for (j, natural) in order.iter().enumerate() {
            place[*natural as usize] = final_place[j];
        }
        #[allow(clippy::cast_possible_truncation)]
        for (j, p) in place.iter_mut().enumerate().skip(n) {
            *p = j as u32;
        }
        let mut plan = Fronts {
            interior: n,
            ring: all - n,
            place,
            fronts,
            panel_len: 0,
            update_len: 0,
        };
        plan.link();
        plan.lay_out();
        plan
    }

    /// Nodes that are left, children before parents.
    fn postorder(&self) -> Vec<usize> {
        let mut out = Vec::with_capacity(self.nodes.len());
        let mut stack: Vec<(usize, usize)> = Vec::new();
        for root in 0..self.nodes.len() {
            if self.nodes[root].gone || self.nodes[root].parent != RING {
                continue;
            }
            stack.push((root, 0));
            while let Some((at, child)) = stack.pop() {
                if let Some(next) = self.nodes[at].children.get(child) {
                    stack.push((at, child + 1));
                    stack.push((*next, 0));
                } else {
                    out.push(at);
                }
            }
        }
        out
    }
}

impl Fronts {
    /// Finds each front's rows within its parent.
    fn link(&mut self) {
        let mut position = vec![u32::MAX; self.interior + self.ring];
        for parent in 0..self.fronts.len() {
            let front = &self.fronts[parent];
            #[allow(clippy::cast_possible_truncation)]
            {
                for (k, j) in front.pivots.clone().enumerate() {
                    position[j] = k as u32;
                }
                for (k, j) in front.rows.iter().enumerate() {
                    position[*j as usize] = (front.width() + k) as u32;
                }
            }
            #[allow(clippy::cast_possible_truncation)]
            let rhs = (front.width() + front.rows.len()) as u32;
            for child in front.children.clone() {
                let child = &mut self.fronts[child as usize];
                child.in_parent = child.rows.iter().map(|j| position[*j as usize]).collect();
                child.in_parent.push(rhs);
            }
        }
    }

    /// Gives every front its place: columns one after the other, updates where no living one lies.
    ///
    /// An update lives from its front to its parent; the parent's is made while its children's live.
    fn lay_out(&mut self) {
        let mut living: Vec<(usize, usize, u32)> = Vec::new();
        for at in 0..self.fronts.len() {
            self.fronts[at].panel = self.panel_len;
            self.panel_len += self.fronts[at].panel_len();
            let need = self.fronts[at].update_len();
            let mut start = 0;
            let mut slot = living.len();
            for (k, (from, to, _)) in living.iter().enumerate() {
                if start + need <= *from {
                    slot = k;
                    break;
                }
                start = *to;
            }
            #[allow(clippy::cast_possible_truncation)]
            living.insert(slot, (start, start + need, at as u32));
            self.fronts[at].update = start;
            self.update_len = self.update_len.max(start + need);
            let children = &self.fronts[at].children;
            living.retain(|(_, _, front)| !children.contains(front));
        }
    }
}

/// Time of a front with `k` pivots and `rows` rows, in cycles of a core with two 16-lane units.
///
/// Weights are estimates, not fitted: multiply-adds at 70 % of the peak, an update is written once and
/// added to its parent once, columns go to memory and come back. Weights that merge two to three times as
/// much changed the measured time by no more than its noise.
#[allow(clippy::cast_precision_loss)]
fn cost(k: usize, rows: usize) -> f64 {
    let (k, r) = (k as f64, (rows + 1) as f64);
    let multiply_adds = k * k * k / 6.0 + k * k * r / 2.0 + k * r * r / 2.0;
    let update = r * r / 2.0;
    let columns = k * (k + r);
    0.75 * multiply_adds + 4.0 * update + 14.0 * columns + 60.0 * k + 250.0
}

fn invert(order: &[u32], all: usize) -> Vec<u32> {
    #[allow(clippy::cast_possible_truncation)]
    let mut place: Vec<u32> = (0..all as u32).collect();
    #[allow(clippy::cast_possible_truncation)]
    for (j, natural) in order.iter().enumerate() {
        place[*natural as usize] = j as u32;
    }
    place
}
