//! Regions and level lines of a triangle mesh, merged so that a page stays small.

use std::collections::{BTreeMap, BTreeSet};

use codrive_model::flux_map::FieldPicture;

/// Corner nodes of rings.
pub(crate) type Rings = Vec<Vec<u32>>;

type Edge = (u32, u32);

/// Outlines of the triangles of each class, for filling by the even-odd rule.
///
/// Edges between two triangles of one class cancel. Triangles with unknown corners are left out.
pub(crate) fn class_outlines(
    nodes_m: &[[f32; 2]],
    triangles: &[[u32; 3]],
    values: &[f32],
    class_of: impl Fn(f32) -> usize,
) -> BTreeMap<usize, Rings> {
    let mut edges: BTreeMap<usize, BTreeSet<Edge>> = BTreeMap::new();
    for (triangle, value) in triangles.iter().zip(values) {
        let Some([p, q, r]) = counter_clockwise(nodes_m, *triangle) else {
            continue;
        };
        let of_class = edges.entry(class_of(*value)).or_default();
        for (from, to) in [(p, q), (q, r), (r, p)] {
            if !of_class.remove(&(to, from)) {
                of_class.insert((from, to));
            }
        }
    }
    edges
        .into_iter()
        .map(|(class, edges)| (class, chain_rings(&edges)))
        .collect()
}

fn counter_clockwise(nodes_m: &[[f32; 2]], [p, q, r]: [u32; 3]) -> Option<[u32; 3]> {
    let at = |node: u32| nodes_m.get(node as usize).copied();
    let (a, b, c) = (at(p)?, at(q)?, at(r)?);
    let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    Some(if area < 0.0 { [p, r, q] } else { [p, q, r] })
}

fn chain_rings(edges: &BTreeSet<Edge>) -> Rings {
    let mut next: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(*from).or_default().push(*to);
    }
    let mut rings = Vec::new();
    for start in edges.iter().map(|edge| edge.0) {
        while let Some(first) = next.get_mut(&start).and_then(Vec::pop) {
            let mut ring = vec![start];
            let mut at = first;
            while at != start {
                ring.push(at);
                let Some(to) = next.get_mut(&at).and_then(Vec::pop) else {
                    break;
                };
                at = to;
            }
            rings.push(ring);
        }
    }
    rings
}

/// Lines on which the vector potential has the value `level`, m.
pub(crate) fn level_lines(picture: &FieldPicture, level: f64) -> Vec<Vec<[f64; 2]>> {
    let mut neighbours: BTreeMap<Edge, Vec<Edge>> = BTreeMap::new();
    for [p, q, r] in &picture.triangles {
        let crossed: Vec<Edge> = [(*p, *q), (*q, *r), (*r, *p)]
            .into_iter()
            .map(|(a, b)| (a.min(b), a.max(b)))
            .filter(|edge| crossing(picture, *edge, level).is_some())
            .collect();
        if let [a, b] = crossed[..] {
            neighbours.entry(a).or_default().push(b);
            neighbours.entry(b).or_default().push(a);
        }
    }
    let points = |edges: Vec<Edge>| {
        edges
            .into_iter()
            .filter_map(|edge| crossing(picture, edge, level))
            .collect()
    };
    chain_lines(neighbours).into_iter().map(points).collect()
}

fn crossing(picture: &FieldPicture, (a, b): Edge, level: f64) -> Option<[f64; 2]> {
    let value = |node: u32| picture.a_vs_per_m.get(node as usize).map(|v| f64::from(*v));
    let (low, high) = (value(a)?, value(b)?);
    if (low < level) == (high < level) {
        return None;
    }
    let t = (level - low) / (high - low);
    let (p, q) = (
        picture.nodes_m.get(a as usize)?,
        picture.nodes_m.get(b as usize)?,
    );
    let mix = |k: usize| f64::from(p[k]) * (1.0 - t) + f64::from(q[k]) * t;
    Some([mix(0), mix(1)])
}

/// Walks open lines from their ends, then what is left as loops.
fn chain_lines(mut neighbours: BTreeMap<Edge, Vec<Edge>>) -> Vec<Vec<Edge>> {
    let ends: Vec<Edge> = neighbours
        .iter()
        .filter(|(_, to)| to.len() == 1)
        .map(|(edge, _)| *edge)
        .collect();
    let rest: Vec<Edge> = neighbours.keys().copied().collect();
    let mut lines = Vec::new();
    for start in ends.into_iter().chain(rest) {
        let mut line = vec![start];
        let mut at = start;
        while let Some(to) = neighbours.get_mut(&at).and_then(Vec::pop) {
            if let Some(back) = neighbours.get_mut(&to) {
                back.retain(|edge| *edge != at);
            }
            line.push(to);
            at = to;
        }
        if line.len() > 1 {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two by one squares, each cut into two triangles; A equals x.
    fn strip() -> FieldPicture {
        FieldPicture {
            i_d_a: 0.0,
            i_q_a: 0.0,
            nodes_m: vec![
                [0.0, 0.0],
                [1.0, 0.0],
                [2.0, 0.0],
                [0.0, 1.0],
                [1.0, 1.0],
                [2.0, 1.0],
            ],
            triangles: vec![[0, 1, 4], [0, 3, 4], [1, 2, 5], [1, 5, 4]],
            b_t: vec![0.1, 0.1, 0.9, 0.9],
            a_vs_per_m: vec![0.0, 1.0, 2.0, 0.0, 1.0, 2.0],
        }
    }

    fn outlines_of(
        picture: &FieldPicture,
        class_of: impl Fn(f32) -> usize,
    ) -> BTreeMap<usize, Rings> {
        class_outlines(&picture.nodes_m, &picture.triangles, &picture.b_t, class_of)
    }

    #[test]
    fn inner_edges_cancel() {
        let outlines = outlines_of(&strip(), |b| usize::from(b > 0.5));
        assert_eq!(outlines[&0], [vec![0, 1, 4, 3]]);
        assert_eq!(outlines[&1].len(), 1);
        assert_eq!(outlines[&1][0].len(), 4);
    }

    #[test]
    fn a_level_is_one_line_from_side_to_side() {
        let lines = level_lines(&strip(), 0.5);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|p| (p[0] - 0.5).abs() < 1e-12));
        assert_eq!(lines[0].len(), 3);
    }

    #[test]
    fn a_triangle_without_its_nodes_is_left_out() {
        let mut picture = strip();
        picture.triangles.push([0, 1, 99]);
        picture.b_t.push(0.1);
        assert_eq!(outlines_of(&picture, |_| 0).len(), 1);
    }
}
