//! The currents of a map.

/// Currents along both axes, unit winding, A peak, ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentGrid {
    /// Direct-axis currents.
    pub i_d_a: Vec<f64>,
    /// Quadrature-axis currents from 0.
    pub i_q_a: Vec<f64>,
}

impl CurrentGrid {
    /// `n_d` currents from −`largest_a` to 0 and `n_q` from 0 to `largest_a`, and as many more at the same
    /// steps as it takes to hold each of them turned by up to ±`turn_el_rad` (0 to a quarter turn).
    #[must_use]
    pub fn new([n_d, n_q]: [usize; 2], largest_a: f64, turn_el_rad: f64) -> Self {
        let (sin, cos) = turn_el_rad.sin_cos();
        // The corner (−1, 1) reaches cos + sin along both axes, (0, 1) reaches sin beyond i_d = 0.
        let out = sin + cos - 1.0;
        let (below, above) = (more(out, n_d), more(sin, n_d));
        #[allow(clippy::cast_precision_loss)]
        let at = |step: usize, zero: usize, n: usize| {
            let from_zero = step as f64 - zero as f64;
            largest_a * from_zero / (n - 1) as f64
        };
        let zero = n_d - 1 + below;
        Self {
            i_d_a: (0..=zero + above).map(|i| at(i, zero, n_d)).collect(),
            i_q_a: (0..n_q + more(out, n_q)).map(|i| at(i, 0, n_q)).collect(),
        }
    }
}

/// Steps that cover a share of the largest current.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]
fn more(share: f64, n: usize) -> usize {
    (share * (n - 1) as f64 - 1e-9).ceil().max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_grid_holds_the_turned_currents_at_the_same_steps() {
        let straight = CurrentGrid::new([11, 9], 700.0, 0.0);
        assert_eq!((straight.i_d_a.len(), straight.i_q_a.len()), (11, 9));
        assert_eq!((straight.i_d_a[0], straight.i_d_a[10]), (-700.0, 0.0));
        for turn in [0.02_f64, 0.13, 0.5] {
            let wide = CurrentGrid::new([11, 9], 700.0, turn);
            let holds = |i: &f64, of: &[f64]| of.iter().any(|x| x == i);
            assert!(straight.i_d_a.iter().all(|i| holds(i, &wide.i_d_a)));
            assert!(straight.i_q_a.iter().all(|i| holds(i, &wide.i_q_a)));
            let reach = 700.0 * (turn.sin() + turn.cos());
            assert!(wide.i_d_a[0] <= -reach && wide.i_q_a[wide.i_q_a.len() - 1] >= reach);
            assert!(wide.i_d_a[wide.i_d_a.len() - 1] >= 700.0 * turn.sin());
        }
    }
}
