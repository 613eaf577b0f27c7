//! Where the terms of a part's tangent go: which front takes them, and where they lie in it.
//!
//! Nothing here depends on a value, so that all designs of a topology share it. The constant part
//! (air, magnets, slots) has entries, each of which goes into the column of the front that eliminates
//! it. A steel cell goes as a whole to the first front that eliminates one of its unknowns: all its
//! unknowns are among the pivots and rows of that front.

use super::fronts::{Front, Fronts, triangle};

/// Places of the terms of a part, front by front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Entries of the constant part (row, column) by columns, in the order of elimination.
    pub(super) entries: Vec<(u32, u32)>,
    /// Place of each entry in its front: in the columns, in the ring's triangle for the last front.
    pub(super) entry_places: Vec<u32>,
    /// First entry of each front, and the end.
    pub(super) entries_of: Vec<u32>,
    /// Entry of each pair of each cell that is not steel, one past the end for fixed nodes.
    pub(super) constant_pairs: Vec<u32>,
    /// Steel cells among all cells, in the order of fronts.
    pub(super) steel: Vec<u32>,
    /// First steel cell of each front, and the end.
    pub(super) steel_of: Vec<u32>,
    /// Pairs of each steel cell that go into the columns; they come first.
    pub(super) in_columns: Vec<u32>,
    /// Place of each pair of each steel cell: in the columns, or in the update.
    pub(super) steel_places: Vec<u32>,
    /// Most steel cells in a front.
    pub(super) most_steel: usize,
}

/// Pairs (i, j ≤ i) of a cell's unknowns, column by column.
pub(super) fn pairs<const N: usize>() -> impl Iterator<Item = (usize, usize)> {
    (0..N).flat_map(|j| (j..N).map(move |i| (i, j)))
}

impl Pattern {
    /// Finds all places. The unknowns of each cell ascend; those of fixed nodes are `fixed`, the last.
    pub(super) fn new<const N: usize>(
        fronts: &Fronts,
        cells: &[[u32; N]],
        is_steel: impl Fn(usize) -> bool,
    ) -> Self {
        #[allow(clippy::cast_possible_truncation)]
        let fixed = (fronts.interior + fronts.ring) as u32;
        let front_of = front_of_columns(fronts);
        let constant = || cells.iter().enumerate().filter(|(c, _)| !is_steel(*c));
        let real = |cell: &[u32; N]| {
            let cell = *cell;
            pairs::<N>()
                .map(move |(i, j)| (cell[j], cell[i]))
                .filter(move |(_, row)| *row < fixed)
        };
        let mut by_column: Vec<(u32, u32)> = constant().flat_map(|(_, cell)| real(cell)).collect();
        by_column.sort_unstable();
        by_column.dedup();
        let mut constant_pairs = Vec::new();
        for (_, cell) in constant() {
            for (i, j) in pairs::<N>() {
                let at = by_column.partition_point(|entry| *entry < (cell[j], cell[i]));
                let at = if cell[i] < fixed { at } else { by_column.len() };
                #[allow(clippy::cast_possible_truncation)]
                constant_pairs.push(at as u32);
            }
        }
        let place = |column: u32, row: u32| {
            place(
                &fronts.fronts[front_of[column as usize] as usize],
                column,
                row,
            )
        };
        let mut pattern = Self {
            entry_places: by_column.iter().map(|(c, r)| place(*c, *r)).collect(),
            entries_of: starts(fronts, by_column.iter().map(|(c, _)| front_of[*c as usize])),
            entries: by_column.into_iter().map(|(c, r)| (r, c)).collect(),
            constant_pairs,
            steel: Vec::new(),
            steel_of: Vec::new(),
            in_columns: Vec::new(),
            steel_places: Vec::new(),
            most_steel: 0,
        };
        pattern.place_steel(fronts, cells, &front_of, is_steel);
        pattern
    }

    fn place_steel<const N: usize>(
        &mut self,
        fronts: &Fronts,
        cells: &[[u32; N]],
        front_of: &[u32],
        is_steel: impl Fn(usize) -> bool,
    ) {
        let front = |cell: u32| front_of[cells[cell as usize][0] as usize];
        #[allow(clippy::cast_possible_truncation)]
        let steel = (0..cells.len()).filter(|c| is_steel(*c)).map(|c| c as u32);
        self.steel = steel.collect();
        self.steel.sort_by_key(|c| (front(*c), *c));
        self.steel_of = starts(fronts, self.steel.iter().map(|c| front(*c)));
        let most = self.steel_of.windows(2).map(|w| (w[1] - w[0]) as usize);
        self.most_steel = most.max().unwrap_or(0);
        #[allow(clippy::cast_possible_truncation)]
        let fixed = (fronts.interior + fronts.ring) as u32;
        for cell in &self.steel {
            let unknowns = &cells[*cell as usize];
            let into = &fronts.fronts[front(*cell) as usize];
            let columns = unknowns.partition_point(|u| (*u as usize) < into.pivots.end);
            #[allow(clippy::cast_possible_truncation)]
            self.in_columns
                .push((0..columns).map(|j| (N - j) as u32).sum());
            for (i, j) in pairs::<N>() {
                // The terms of fixed nodes are zero; any place will do.
                let [column, row] = [unknowns[j], unknowns[i]];
                self.steel_places.push(match (column < fixed, row < fixed) {
                    (true, true) => place(into, column, row),
                    (true, false) => place(into, column, column),
                    (false, _) => 0,
                });
            }
        }
    }
}

/// Place of an entry in a front's columns or in its update.
fn place(front: &Front, column: u32, row: u32) -> u32 {
    let (k, first) = (front.width(), front.pivots.start);
    let below = |j: u32| front.rows.partition_point(|r| *r < j);
    let (row_at, column) = if (row as usize) < front.pivots.end {
        (row as usize - first, column as usize)
    } else {
        (k + below(row), column as usize)
    };
    #[allow(clippy::cast_possible_truncation)]
    let place = if column < front.pivots.end {
        row_at * k + column - first
    } else {
        #[allow(clippy::cast_possible_truncation)]
        let column = column as u32;
        triangle(row_at - k) + below(column)
    } as u32;
    place
}

/// The front that eliminates each unknown; the last for the ring's.
fn front_of_columns(fronts: &Fronts) -> Vec<u32> {
    #[allow(clippy::cast_possible_truncation)]
    let last = fronts.fronts.len() as u32 - 1;
    let mut of = vec![last; fronts.interior + fronts.ring + 1];
    #[allow(clippy::cast_possible_truncation)]
    for (at, front) in fronts.fronts.iter().enumerate() {
        of[front.pivots.clone()].fill(at as u32);
    }
    of
}

/// Where each front's items start, from the fronts of the items in ascending order.
fn starts(fronts: &Fronts, items: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; fronts.fronts.len() + 1];
    for front in items {
        starts[front as usize + 1] += 1;
    }
    for front in 0..fronts.fronts.len() {
        starts[front + 1] += starts[front];
    }
    starts
}
