//! Lost torque over input torque at one speed: columns that any speed shares, added up to a row.

use codrive_model::gear_set::{GearSet, GearShaft};

use crate::bearing::{BearingAtSpeed, load_slopes, load_terms};

/// Load that a bearing carries without torque, N (preload, weight): assumed.
pub(super) const BEARING_PRELOAD_N: f64 = 50.0;
/// Exponent of the mesh's lost torque over torque.
pub(super) const MESH_EXPONENT: f64 = 1.2;
/// Cells over torque, and how far beyond the rated torque they reach.
const CELLS: usize = 40;
const REACH: f64 = 1.2;

/// Value and derivative over torque of everything that torque decides, at the knots T_max (j/n)².
#[derive(Clone, Debug)]
pub(super) struct Columns {
    shafts: Vec<GearShaft>,
    highest_nm: f64,
    knots_nm: Vec<f64>,
    width_nm: Vec<f64>,
    per_width: Vec<f64>,
    /// n²/T_max.
    cells_per_root: f64,
    /// |T|^1.2, then of each shaft the rolling and the sliding term of all its bearings.
    columns: Vec<Vec<[f64; 2]>>,
}

/// The lost torque at one speed.
#[derive(Clone, Debug)]
pub(super) struct Row<'m> {
    columns: &'m Columns,
    /// Factor of each column, and the constant, N·m.
    factors: Vec<f64>,
    constant_nm: f64,
    /// Lost torque and its slope at each knot.
    knots: Vec<[f64; 2]>,
}

impl Columns {
    pub(super) fn new(set: &GearSet) -> Self {
        let highest_nm = REACH * set.rated_input_torque_nm;
        #[allow(clippy::cast_precision_loss)]
        let share = |j: usize| j as f64 / CELLS as f64;
        let knots_nm: Vec<f64> = (0..=CELLS)
            .map(|j| highest_nm * share(j) * share(j))
            .collect();
        let mesh = knots_nm
            .iter()
            .map(|t| {
                [
                    t.powf(MESH_EXPONENT),
                    MESH_EXPONENT * t.powf(MESH_EXPONENT - 1.0),
                ]
            })
            .collect();
        let mut columns = vec![mesh];
        for shaft in &set.shafts {
            for term in 0..2 {
                columns.push(knots_nm.iter().map(|t| terms(shaft, *t)[term]).collect());
            }
        }
        let width_nm: Vec<f64> = knots_nm.windows(2).map(|k| k[1] - k[0]).collect();
        #[allow(clippy::cast_precision_loss)]
        let cells = CELLS as f64;
        Self {
            shafts: set.shafts.clone(),
            highest_nm,
            per_width: width_nm.iter().map(|w| 1.0 / w).collect(),
            width_nm,
            cells_per_root: cells * cells / highest_nm,
            knots_nm,
            columns,
        }
    }

    /// The row of a speed: factor of the meshes, the shafts' bearings, a torque whatever the load.
    pub(super) fn row(
        &self,
        mesh: f64,
        bearings: impl Iterator<Item = BearingAtSpeed>,
        mut constant_nm: f64,
    ) -> Row<'_> {
        let mut factors = Vec::with_capacity(self.columns.len());
        factors.push(mesh);
        for (bearing, shaft) in bearings.zip(&self.shafts) {
            let [rolling, sliding, drag_nm] = bearing.coefficients();
            factors.extend([rolling, sliding]);
            constant_nm += drag_nm * f64::from(shaft.bearings) * shaft.speed_ratio;
        }
        let mut knots = vec![[constant_nm, 0.0]; self.knots_nm.len()];
        for (factor, column) in factors.iter().zip(&self.columns) {
            for (knot, value) in knots.iter_mut().zip(column) {
                knot[0] += factor * value[0];
                knot[1] += factor * value[1];
            }
        }
        Row {
            columns: self,
            factors,
            constant_nm,
            knots,
        }
    }
}

/// Rolling and sliding term of a shaft's bearings at an input torque, as seen at the input, each
/// with its derivative.
fn terms(shaft: &GearShaft, torque_nm: f64) -> [[f64; 2]; 2] {
    let load_n = BEARING_PRELOAD_N + shaft.load_per_torque * torque_nm;
    let value = load_terms(shaft.bearing_kind, load_n);
    let slope = load_slopes(shaft.bearing_kind, load_n);
    let all = f64::from(shaft.bearings) * shaft.speed_ratio;
    [0, 1].map(|i| [value[i] * all, slope[i] * all * shaft.load_per_torque])
}

impl Row<'_> {
    /// Lost torque at an input torque ≥ 0, N·m, and its slope: cubic between the knots, the
    /// equations themselves beyond them.
    pub(super) fn at(&self, torque_nm: f64) -> [f64; 2] {
        let columns = self.columns;
        if torque_nm.is_nan() || torque_nm >= columns.highest_nm {
            return [self.exact(torque_nm), self.knots[CELLS][1]];
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let i = ((torque_nm * columns.cells_per_root).sqrt() as usize).min(CELLS - 1);
        let (width, [a, a_slope], [b, b_slope]) =
            (columns.width_nm[i], self.knots[i], self.knots[i + 1]);
        let per_width = columns.per_width[i];
        let t = (torque_nm - columns.knots_nm[i]) * per_width;
        let (rise, u) = (b - a, 1.0 - t);
        let (c, d) = (a_slope * width - rise, rise - b_slope * width);
        let value = a + t * (rise + u * (c * u + d * t));
        let slope = rise + (u - t) * (c * u + d * t) + t * u * (d - c);
        [value, slope * per_width]
    }

    /// The equations.
    pub(super) fn exact(&self, torque_nm: f64) -> f64 {
        let shafts = self.columns.shafts.iter().zip(self.factors[1..].chunks(2));
        let bearings: f64 = shafts
            .map(|(shaft, factors)| {
                let [rolling, sliding] = terms(shaft, torque_nm);
                factors[0] * rolling[0] + factors[1] * sliding[0]
            })
            .sum();
        self.factors[0] * torque_nm.powf(MESH_EXPONENT) + bearings + self.constant_nm
    }
}

#[cfg(test)]
mod tests {
    use crate::gear::GearModel;
    use crate::tests::gears::gear_set;

    #[test]
    fn the_slope_is_that_of_the_row() {
        let set = gear_set();
        let model = GearModel::new(&set).unwrap();
        let at = model.at_speed(300.0);
        for torque in [0.2, 3.0, 77.0, 400.0] {
            let difference = at.row.at(torque + 1e-4)[0] - at.row.at(torque - 1e-4)[0];
            let slope = at.row.at(torque)[1];
            assert!(
                (slope - difference / 2e-4).abs() < 1e-6,
                "{torque}: {slope}"
            );
        }
    }

    #[test]
    fn the_row_is_the_equations() {
        let set = gear_set();
        let model = GearModel::new(&set).unwrap();
        for speed in [0.0, 1.0, 100.0, 1500.0] {
            let at = model.at_speed(speed);
            for i in 0..=400 {
                let torque = 1.3 * set.rated_input_torque_nm * (f64::from(i) / 400.0).powi(2);
                let (ours, exact) = (at.row.at(torque)[0], at.row.exact(torque));
                assert!(
                    (ours - exact).abs() < 2e-4 + 1e-4 * exact,
                    "{torque}: {ours} {exact}"
                );
            }
        }
    }
}
