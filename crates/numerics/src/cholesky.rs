//! Small symmetric positive definite systems, on the stack.

/// The lower factor L of A = L·Lᵀ, its diagonal stored as reciprocals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cholesky<const N: usize> {
    lower: [[f64; N]; N],
}

impl<const N: usize> Cholesky<N> {
    /// Factorises a symmetric matrix, of which the lower triangle is read; `None` where it is not
    /// positive definite.
    #[must_use]
    pub fn new(a: &[[f64; N]; N]) -> Option<Self> {
        let mut lower = *a;
        for j in 0..N {
            let row_j = lower[j];
            let known: f64 = row_j[..j].iter().map(|l| l * l).sum();
            let pivot = row_j[j] - known;
            if pivot.is_nan() || pivot <= 0.0 {
                return None;
            }
            let reciprocal = 1.0 / pivot.sqrt();
            lower[j][j] = reciprocal;
            for row in lower.iter_mut().skip(j + 1) {
                let known: f64 = row[..j].iter().zip(&row_j[..j]).map(|(a, b)| a * b).sum();
                row[j] = (row[j] - known) * reciprocal;
            }
        }
        Some(Self { lower })
    }

    /// x of A x = b.
    #[must_use]
    pub fn solve(&self, b: [f64; N]) -> [f64; N] {
        self.backward(self.forward(b))
    }

    /// y of L y = b.
    #[must_use]
    pub fn forward(&self, b: [f64; N]) -> [f64; N] {
        let mut x = b;
        for i in 0..N {
            let row = &self.lower[i];
            let known: f64 = row[..i].iter().zip(&x[..i]).map(|(l, x)| l * x).sum();
            x[i] = (x[i] - known) * row[i];
        }
        x
    }

    /// x of Lᵀ x = y.
    #[must_use]
    pub fn backward(&self, y: [f64; N]) -> [f64; N] {
        let mut x = y;
        for i in (0..N).rev() {
            let row = &self.lower[i];
            x[i] *= row[i];
            let value = x[i];
            for (x, l) in x[..i].iter_mut().zip(&row[..i]) {
                *x -= l * value;
            }
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solution_satisfies_the_system() {
        let a = [[4.0, 1.0, -2.0], [1.0, 3.0, 0.5], [-2.0, 0.5, 5.0]];
        let b = [1.0, -2.0, 3.0];
        let x = Cholesky::new(&a).unwrap().solve(b);
        for (row, b) in a.iter().zip(b) {
            let product: f64 = row.iter().zip(x).map(|(a, x)| a * x).sum();
            assert!((product - b).abs() < 1e-14);
        }
    }

    #[test]
    fn an_indefinite_matrix_or_one_with_holes_is_refused() {
        assert_eq!(Cholesky::new(&[[1.0, 2.0], [2.0, 1.0]]), None);
        assert_eq!(Cholesky::new(&[[0.0]]), None);
        assert_eq!(Cholesky::new(&[[f64::NAN]]), None);
    }
}
