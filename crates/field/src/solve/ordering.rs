//! The order in which a part's unknowns are eliminated.

use super::fronts::Graph;

/// Interior unknowns in the order of elimination, by approximate minimum degree (Amestoy, Davis &
/// Duff 1996). The ring is given to it as one dense block and taken out of the result, since it stays.
#[must_use]
pub fn order(graph: &Graph) -> Vec<u32> {
    let all = graph.neighbours.len();
    let ring = graph.interior..all;
    let mut column = vec![0_usize];
    let mut row = Vec::new();
    for (j, neighbours) in graph.neighbours.iter().enumerate() {
        if ring.contains(&j) {
            row.extend(
                neighbours
                    .iter()
                    .map(|i| *i as usize)
                    .filter(|i| *i < graph.interior),
            );
            row.extend(ring.clone());
        } else {
            row.extend(neighbours.iter().map(|i| *i as usize));
        }
        column.push(row.len());
    }
    match amd::order(all, &column, &row, &amd::Control::default()) {
        Ok((order, _, _)) => {
            #[allow(clippy::cast_possible_truncation)]
            let order = order
                .into_iter()
                .filter(|j| *j < graph.interior)
                .map(|j| j as u32)
                .collect();
            order
        }
        // Only a malformed pattern is refused; any order is right, if slow.
        #[allow(clippy::cast_possible_truncation)]
        Err(_) => (0..graph.interior as u32).collect(),
    }
}
