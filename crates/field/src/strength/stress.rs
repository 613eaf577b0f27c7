//! Stresses of a spinning rotor, and what counts of them.

use crate::geometry::outline::Point;
use crate::mesh::Fill;

use super::body::System;

/// Stresses in the lamination at 1 rad/s.
#[derive(Clone, Debug, PartialEq)]
pub struct Stress {
    /// Corners of the steel triangles, as in the part.
    pub triangles: Vec<[u32; 3]>,
    /// (σ_x, σ_y, τ_xy) at the three points of integration of each, Pa·s².
    pub points_pa_s2: Vec<[[f64; 3]; 3]>,
    /// Area of each, m².
    pub areas_m2: Vec<f64>,
    /// Displacement of the part's nodes, m·s²; zero off the lamination.
    pub displacement_m_s2: Vec<Point>,
    /// Work of the forces, N·s² per metre of steel: twice the elastic energy.
    pub work_n_s2: f64,
    /// Unknowns of the equations.
    pub unknowns: usize,
}

/// Von Mises stress of a plane stress: sqrt(σ_x² − σ_x σ_y + σ_y² + 3 τ²).
#[must_use]
pub fn von_mises([x, y, xy]: [f64; 3]) -> f64 {
    (x * x - x * y + y * y + 3.0 * xy * xy).sqrt()
}

pub(super) fn of_displacement(system: &System<'_>, displacement: &[Point]) -> Stress {
    let steel = || system.cells.iter().filter(|c| c.fill == Fill::Steel);
    let forces = super::load::forces(system);
    let corners = system.body.part.nodes.len();
    Stress {
        triangles: steel().map(|c| c.corners).collect(),
        points_pa_s2: steel()
            .map(|c| {
                let own = c.nodes.map(|n| displacement[n as usize]);
                let flat = std::array::from_fn(|i| own[i / 2][i % 2]);
                c.triangle.stresses(&flat)
            })
            .collect(),
        areas_m2: steel().map(|c| c.triangle.area()).collect(),
        displacement_m_s2: displacement[..corners].to_vec(),
        work_n_s2: forces
            .iter()
            .zip(displacement)
            .map(|(f, u)| f[0] * u[0] + f[1] * u[1])
            .sum(),
        unknowns: system.unknowns(),
    }
}

impl Stress {
    /// Von Mises stress that a share of the lamination's area does not exceed, Pa·s².
    #[must_use]
    pub fn percentile_pa_s2(&self, share: f64) -> f64 {
        let mut values: Vec<(f64, f64)> = self
            .points_pa_s2
            .iter()
            .zip(&self.areas_m2)
            .flat_map(|(points, area)| points.map(|p| (von_mises(p), area / 3.0)))
            .collect();
        values.sort_by(|a, b| b.0.total_cmp(&a.0));
        let above = (1.0 - share) * self.areas_m2.iter().sum::<f64>();
        let mut sum = 0.0;
        for (value, area) in &values {
            sum += area;
            if sum > above {
                return *value;
            }
        }
        0.0
    }

    /// Von Mises stress of the mean stress of each triangle, Pa·s².
    #[must_use]
    pub fn by_triangle_pa_s2(&self) -> Vec<f64> {
        let mean = |points: &[[f64; 3]; 3]| {
            std::array::from_fn(|c| points.iter().map(|p| p[c]).sum::<f64>() / 3.0)
        };
        let points = self.points_pa_s2.iter();
        points.map(|points| von_mises(mean(points))).collect()
    }
}
