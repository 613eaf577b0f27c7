//! e^M of small matrices.

/// A square matrix.
type Square<const N: usize> = [[f64; N]; N];

/// Terms of the series: the rest is below the rounding for a norm of at most [`LARGEST`].
const TERMS: u32 = 12;
/// Largest norm of the matrix in the series.
const LARGEST: f64 = 0.25;
/// Most halvings of a matrix.
const HALVINGS: u32 = 60;

/// e^M by Taylor's series of M/2ⁿ and squaring; `None` where a value is not finite or far too large.
///
/// Source: Moler, Van Loan 2003, doi:10.1137/S00361445024180, method 3.
#[must_use]
pub fn exponential<const N: usize>(m: &Square<N>) -> Option<Square<N>> {
    let row_sum = |row: &[f64; N]| row.iter().map(|v| v.abs()).sum::<f64>();
    let norm = m.iter().map(row_sum).fold(0.0, f64::max);
    let finite = m.iter().flatten().all(|v| v.is_finite());
    let halvings = (0..HALVINGS).find(|n| norm <= LARGEST * 2.0_f64.powi(*n as i32));
    let (true, Some(halvings)) = (finite, halvings) else {
        return None;
    };
    let scale = 0.5_f64.powi(halvings as i32);
    let small = m.map(|row| row.map(|v| v * scale));
    let one: Square<N> =
        std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))));
    let (mut term, mut sum) = (one, one);
    for n in 1..=TERMS {
        term = product(&term, &small).map(|row| row.map(|v| v / f64::from(n)));
        for (row, add) in sum.iter_mut().zip(&term) {
            row.iter_mut().zip(add).for_each(|(v, a)| *v += a);
        }
    }
    Some((0..halvings).fold(sum, |e, _| product(&e, &e)))
}

/// A·B.
#[must_use]
pub fn product<const N: usize>(a: &Square<N>, b: &Square<N>) -> Square<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..N).map(|k| a[i][k] * b[k][j]).sum()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_and_a_decay_have_their_closed_forms() {
        for angle in [1e-3_f64, 1.0, 20.0] {
            let e = exponential(&[[0.0, -angle], [angle, 0.0]]).unwrap();
            let exact = [[angle.cos(), -angle.sin()], [angle.sin(), angle.cos()]];
            for (ours, theirs) in e.iter().flatten().zip(exact.iter().flatten()) {
                assert!((ours - theirs).abs() < 1e-13, "{angle}: {ours} {theirs}");
            }
        }
        let e = exponential(&[[-3.0, 1.0], [0.0, -3.0]]).unwrap();
        let exact = (-3.0_f64).exp();
        assert!((e[0][0] - exact).abs() < 1e-15 && (e[0][1] - exact).abs() < 1e-15);
    }

    #[test]
    fn what_has_no_finite_exponential_is_refused() {
        assert!(exponential(&[[f64::NAN]]).is_none());
        assert!(exponential(&[[f64::INFINITY]]).is_none());
    }
}
