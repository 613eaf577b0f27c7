//! The plane-stress triangle of second order, straight sides.

use crate::geometry::outline::Point;
use crate::solve::element::Element;

use super::Elastic;

/// Displacements of the six nodes, x and y in turn.
pub(super) const DOFS: usize = 12;

/// Strain (ε_x, ε_y, γ_xy) per displacement at one point.
type Strain = [[f64; DOFS]; 3];

/// A triangle with three points of integration, as in the magnetic field.
pub(super) struct Triangle {
    shapes: Element<6, 3>,
    elastic: Elastic,
}

impl Triangle {
    pub(super) fn new(corners: [Point; 3], elastic: Elastic) -> Self {
        Self {
            shapes: Element::new(corners),
            elastic,
        }
    }

    pub(super) fn area(&self) -> f64 {
        self.shapes.area()
    }

    fn strain(&self, point: usize) -> Strain {
        let mut b = [[0.0; DOFS]; 3];
        // The element's curl of a node is (∂N/∂y, −∂N/∂x).
        for (i, curl) in self.shapes.curl[point].iter().enumerate() {
            let (dx, dy) = (-curl[1], curl[0]);
            b[0][2 * i] = dx;
            b[1][2 * i + 1] = dy;
            b[2][2 * i] = dy;
            b[2][2 * i + 1] = dx;
        }
        b
    }

    /// ∫ Bᵀ D B dA, N/m per metre of steel; exact, as B is linear.
    pub(super) fn stiffness(&self) -> [[f64; DOFS]; DOFS] {
        let mut k = [[0.0; DOFS]; DOFS];
        for point in 0..3 {
            let b = self.strain(point);
            for j in 0..DOFS {
                let stress = self.elastic.stress([b[0][j], b[1][j], b[2][j]]);
                for (i, row) in k.iter_mut().enumerate() {
                    let work: f64 = (0..3).map(|c| b[c][i] * stress[c]).sum();
                    row[j] += self.shapes.weight * work;
                }
            }
        }
        k
    }

    /// (σ_x, σ_y, τ_xy) at each point of integration, Pa.
    pub(super) fn stresses(&self, displacement: &[f64; DOFS]) -> [[f64; 3]; 3] {
        std::array::from_fn(|point| {
            let b = self.strain(point);
            let strain = b.map(|row| row.iter().zip(displacement).map(|(b, u)| b * u).sum());
            self.elastic.stress(strain)
        })
    }

    /// ∫ ρ r N dA at 1 rad/s, N/m per metre of steel; exact: the mass matrix times the nodes' places.
    pub(super) fn centrifugal(&self, places: &[Point; 6]) -> [Point; 6] {
        let mass = self.elastic.density_kg_per_m3 * self.area() / 180.0;
        std::array::from_fn(|i| {
            let mut force = [0.0; 2];
            for (j, place) in places.iter().enumerate() {
                let m = mass * mass_over_180(i, j);
                force[0] += m * place[0];
                force[1] += m * place[1];
            }
            force
        })
    }
}

/// 180/A times ∫ N_i N_j dA; mid-side node 3 + k lies between corners k and k + 1.
fn mass_over_180(i: usize, j: usize) -> f64 {
    match (i.min(j), i.max(j)) {
        (a, b) if b < 3 => f64::from(u8::from(a == b)) * 7.0 - 1.0,
        (a, b) if a >= 3 => 16.0 + f64::from(u8::from(a == b)) * 16.0,
        (corner, side) if (side - 3 + 2) % 3 == corner => -4.0,
        _ => 0.0,
    }
}
