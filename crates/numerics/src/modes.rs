//! Modes of small symmetric pairs of matrices, on the stack.

use crate::cholesky::Cholesky;

/// A square matrix.
type Square<const N: usize> = [[f64; N]; N];

/// Sweeps of rotations after which the rest is below rounding: convergence is quadratic.
const SWEEPS: usize = 30;

/// Rates λ and shapes v of K v = λ M v.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modes<const N: usize> {
    /// λ of each mode.
    pub rates: [f64; N],
    /// Shape of each mode, with vᵀ M v = 1.
    pub shapes: [[f64; N]; N],
}

impl<const N: usize> Modes<N> {
    /// Modes of a symmetric `k` with a symmetric positive definite `m`; `None` where `m` is not, or a value
    /// is not finite.
    ///
    /// With M = L·Lᵀ they are those of L⁻¹ K L⁻ᵀ, found by Jacobi's rotations.
    ///
    /// Source: Golub, Van Loan 2013, Matrix Computations, sections 8.5 and 8.7.
    #[must_use]
    pub fn new(k: &Square<N>, m: &Square<N>) -> Option<Self> {
        let factor = Cholesky::new(m)?;
        // Both sides by turns: (L⁻¹ (L⁻¹ K)ᵀ)ᵀ, of which the rows are at hand.
        let half = transposed(&k.map(|row| factor.forward(row)));
        let mut a = half.map(|row| factor.forward(row));
        let mut rows = square(|i, j| f64::from(u8::from(i == j)));
        for _ in 0..SWEEPS {
            if (0..N).all(|p| a[p][p + 1..].iter().all(|off| *off == 0.0)) {
                break;
            }
            for p in 0..N {
                for q in p + 1..N {
                    rotate(&mut a, &mut rows, (p, q));
                }
            }
        }
        let rates: [f64; N] = std::array::from_fn(|i| a[i][i]);
        let shapes = rows.map(|row| factor.backward(row));
        let finite = rates
            .iter()
            .chain(shapes.iter().flatten())
            .all(|v| v.is_finite());
        finite.then_some(Self { rates, shapes })
    }
}

/// Turns a symmetric matrix so that its entry (p, q) is zero, and the rows of a basis with it.
fn rotate<const N: usize>(a: &mut Square<N>, rows: &mut Square<N>, (p, q): (usize, usize)) {
    if a[p][q] == 0.0 {
        return;
    }
    let slope = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let tangent = slope.signum() / (slope.abs() + slope.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    let turned = |x: f64, y: f64| (cosine * x - sine * y, sine * x + cosine * y);
    for row in a.iter_mut() {
        (row[p], row[q]) = turned(row[p], row[q]);
    }
    for i in 0..N {
        (a[p][i], a[q][i]) = turned(a[p][i], a[q][i]);
        (rows[p][i], rows[q][i]) = turned(rows[p][i], rows[q][i]);
    }
    (a[p][q], a[q][p]) = (0.0, 0.0);
}

fn transposed<const N: usize>(a: &Square<N>) -> Square<N> {
    square(|i, j| a[j][i])
}

fn square<const N: usize>(f: impl Fn(usize, usize) -> f64) -> Square<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| f(i, j)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(a: &Square<3>, x: &[f64; 3], y: &[f64; 3]) -> f64 {
        let rows = a.iter().zip(x);
        rows.map(|(row, x)| x * row.iter().zip(y).map(|(a, y)| a * y).sum::<f64>())
            .sum()
    }

    /// Two equal masses between three equal springs: 1 and 3, in phase and against it.
    #[test]
    fn two_masses_on_springs_have_their_closed_form() {
        let modes = Modes::new(&[[2.0, -1.0], [-1.0, 2.0]], &[[1.0, 0.0], [0.0, 1.0]]).unwrap();
        let mut rates = modes.rates;
        rates.sort_by(f64::total_cmp);
        assert!((rates[0] - 1.0).abs() < 1e-15 && (rates[1] - 3.0).abs() < 1e-15);
        for (rate, [x, y]) in modes.rates.iter().zip(modes.shapes) {
            assert!((x - y * (2.0 - rate).signum()).abs() < 1e-15, "{rate}");
        }
    }

    #[test]
    fn shapes_make_both_matrices_diagonal() {
        let k = [[4.0, 1.0, -2.0], [1.0, 3.0, 0.5], [-2.0, 0.5, 5.0]];
        let m = [[2.0, 0.3, 0.1], [0.3, 1e3, -0.2], [0.1, -0.2, 7.0]];
        let modes = Modes::new(&k, &m).unwrap();
        for (i, x) in modes.shapes.iter().enumerate() {
            for (j, y) in modes.shapes.iter().enumerate() {
                let [rate, one] = if i == j {
                    [modes.rates[i], 1.0]
                } else {
                    [0.0; 2]
                };
                assert!((form(&k, x, y) - rate).abs() < 1e-13);
                assert!((form(&m, x, y) - one).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn what_has_no_modes_is_refused() {
        assert!(Modes::new(&[[1.0]], &[[0.0]]).is_none());
        assert!(Modes::new(&[[f64::NAN]], &[[1.0]]).is_none());
        assert!(Modes::new(&[[1.0]], &[[f64::NAN]]).is_none());
    }
}
