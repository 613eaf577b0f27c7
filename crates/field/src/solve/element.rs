//! Triangular elements of first (3 nodes) and second order (6 nodes), straight sides.

use crate::geometry::outline::{Point, cross, sub};

/// Elements with `N` nodes and `Q` points of integration; `Element::<3, 1>` and `Element::<6, 3>`.
///
/// B = curl(A e_z) = Σ a_i (∂N_i/∂y, −∂N_i/∂x).
#[derive(Clone, Debug)]
pub struct Element<const N: usize, const Q: usize> {
    /// Contribution of each node to (B_x, B_y) at each point, 1/m.
    pub curl: [[[f64; 2]; N]; Q],
    /// Weight of each point: area / Q, m².
    pub weight: f64,
    /// Value of each node's shape function at the centroid.
    pub middle: [f64; N],
    /// Integral of each shape function over the element, m².
    pub integral: [f64; N],
    /// Position of each point, m.
    pub points: [Point; Q],
}

impl<const N: usize, const Q: usize> Element<N, Q> {
    /// The element on a counter-clockwise triangle.
    #[must_use]
    pub fn new(corners: [Point; 3]) -> Self {
        let [p0, p1, p2] = corners;
        let double = cross(sub(p1, p0), sub(p2, p0));
        let gradient = |a: Point, b: Point| [(a[1] - b[1]) / double, (b[0] - a[0]) / double];
        let bary = [gradient(p1, p2), gradient(p2, p0), gradient(p0, p1)];
        let mut element = Self {
            curl: [[[0.0; 2]; N]; Q],
            weight: double / 2.0 / Q as f64,
            middle: values([1.0 / 3.0; 3]),
            integral: integrals(double / 2.0),
            points: [[0.0; 2]; Q],
        };
        for k in 0..Q {
            let l = quadrature::<Q>(k);
            element.points[k] = [0, 1].map(|c| l[0] * p0[c] + l[1] * p1[c] + l[2] * p2[c]);
            for i in 0..N {
                let g = shape_gradient::<N>(i, l, bary);
                element.curl[k][i] = [g[1], -g[0]];
            }
        }
        element
    }

    /// Area, m².
    #[must_use]
    pub fn area(&self) -> f64 {
        self.weight * Q as f64
    }

    /// Flux density at one point, T.
    #[must_use]
    #[inline]
    pub fn flux_density(&self, k: usize, a: &[f64; N]) -> [f64; 2] {
        let mut b = [0.0; 2];
        for (curl, a) in self.curl[k].iter().zip(a) {
            b[0] += curl[0] * a;
            b[1] += curl[1] * a;
        }
        b
    }

    /// Mean flux density, T.
    #[must_use]
    pub fn mean_flux_density(&self, a: &[f64; N]) -> [f64; 2] {
        let mut b = [0.0; 2];
        for k in 0..Q {
            let at = self.flux_density(k, a);
            b[0] += at[0] / Q as f64;
            b[1] += at[1] / Q as f64;
        }
        b
    }

    /// Vector potential at the centroid, V·s/m.
    #[must_use]
    pub fn potential(&self, a: &[f64; N]) -> f64 {
        (0..N).map(|i| self.middle[i] * a[i]).sum()
    }
}

/// Barycentric coordinates of a point of integration: centroid (exact to degree 1), or the three
/// points of the degree-2 rule with equal weights (Strang & Fix 1973).
fn quadrature<const Q: usize>(k: usize) -> [f64; 3] {
    if Q == 1 {
        return [1.0 / 3.0; 3];
    }
    let mut l = [1.0 / 6.0; 3];
    l[k % 3] = 2.0 / 3.0;
    l
}

/// Shape functions: the barycentric coordinates, or L(2L − 1) at corners and 4 L_i L_j at mid-sides.
fn values<const N: usize>(l: [f64; 3]) -> [f64; N] {
    std::array::from_fn(|i| match (N, i) {
        (3, _) => l[i],
        (_, 0..=2) => l[i] * (2.0 * l[i] - 1.0),
        _ => 4.0 * l[i - 3] * l[(i - 2) % 3],
    })
}

fn integrals<const N: usize>(area: f64) -> [f64; N] {
    std::array::from_fn(|i| match (N, i) {
        (3, _) => area / 3.0,
        (_, 0..=2) => 0.0,
        _ => area / 3.0,
    })
}

fn shape_gradient<const N: usize>(i: usize, l: [f64; 3], bary: [[f64; 2]; 3]) -> [f64; 2] {
    if N == 3 {
        return bary[i];
    }
    if i < 3 {
        return bary[i].map(|g| (4.0 * l[i] - 1.0) * g);
    }
    let (a, b) = (i - 3, (i - 2) % 3);
    [0, 1].map(|c| 4.0 * (l[a] * bary[b][c] + l[b] * bary[a][c]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A = x² − 3 x y has B = (−3 x, −2 x + 3 y); the second-order element must be exact.
    #[test]
    fn second_order_reproduces_a_quadratic_potential() {
        let corners = [[0.1, 0.2], [1.3, 0.4], [0.5, 1.1]];
        let element = Element::<6, 3>::new(corners);
        let mid = |a: Point, b: Point| [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        let [a, b, c] = corners;
        let nodes = [a, b, c, mid(a, b), mid(b, c), mid(c, a)];
        let potential = nodes.map(|p| p[0] * p[0] - 3.0 * p[0] * p[1]);
        for k in 0..3 {
            let [x, y] = element.points[k];
            let field = element.flux_density(k, &potential);
            assert!(
                (field[0] + 3.0 * x).abs() < 1e-12 && (field[1] + 2.0 * x - 3.0 * y).abs() < 1e-12
            );
        }
    }
}
