//! Slopes at the knots that make a piecewise cubic C2.
//!
//! One tridiagonal system; without knowledge of an end, the first two and the last two cells each hold one cubic
//! ("not a knot"), so that cubics are reproduced.
//!
//! Source: de Boor, A Practical Guide to Splines, 1978, chapter IV.

use crate::axis::Axis;

/// What is known of a curve at its first knot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Start {
    /// Nothing.
    Free,
    /// Its slope is zero.
    Level,
    /// Its bend is zero.
    Straight,
}

/// One row of the system: lower · m_(i−1) + middle · m_i + upper · m_(i+1) = right.
#[derive(Clone, Copy, Debug)]
struct Row {
    lower: f64,
    middle: f64,
    upper: f64,
    right: f64,
}

/// Slopes of the C2 spline through `y`; of the parabola or line where three or two free knots hold no more.
pub(crate) fn slopes(axis: &Axis, y: &[f64], start: Start) -> Vec<f64> {
    let n = axis.knots().len();
    if n == 2 || (n == 3 && start == Start::Free) {
        return short(axis, y, start);
    }
    let (h, secant) = differences(axis, y);
    let mut rows = vec![first(&h, &secant, start)];
    rows.extend((1..n - 1).map(|i| Row {
        lower: h[i],
        middle: 2.0 * (h[i - 1] + h[i]),
        upper: h[i - 1],
        right: 3.0 * (h[i] * secant[i - 1] + h[i - 1] * secant[i]),
    }));
    let free = free_end([h[n - 2], h[n - 3]], [secant[n - 2], secant[n - 3]]);
    rows.push(Row {
        lower: free.upper,
        upper: free.lower,
        ..free
    });
    solved(rows)
}

fn differences(axis: &Axis, y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let h: Vec<f64> = axis.knots().windows(2).map(|x| x[1] - x[0]).collect();
    let secant = y.windows(2).zip(&h).map(|(y, h)| (y[1] - y[0]) / h);
    let secant = secant.collect();
    (h, secant)
}

fn short(axis: &Axis, y: &[f64], start: Start) -> Vec<f64> {
    let mut slopes = crate::cubic::slopes(axis, y);
    if start == Start::Level {
        slopes[0] = 0.0;
    }
    slopes
}

fn first(h: &[f64], secant: &[f64], start: Start) -> Row {
    let row = |middle, upper, right| Row {
        lower: 0.0,
        middle,
        upper,
        right,
    };
    match start {
        Start::Level => row(1.0, 0.0, 0.0),
        Start::Straight => row(2.0, 1.0, 3.0 * secant[0]),
        Start::Free => free_end([h[0], h[1]], [secant[0], secant[1]]),
    }
}

/// No jump of the third derivative at the knot next to an end; lengths and secants from the end inwards.
fn free_end([h0, h1]: [f64; 2], [s0, s1]: [f64; 2]) -> Row {
    let both = h0 + h1;
    Row {
        lower: 0.0,
        middle: h1,
        upper: both,
        right: ((h0 + 2.0 * both) * h1 * s0 + h0 * h0 * s1) / both,
    }
}

/// Elimination downwards, substitution upwards.
fn solved(mut rows: Vec<Row>) -> Vec<f64> {
    for i in 1..rows.len() {
        let above = rows[i - 1];
        let factor = rows[i].lower / above.middle;
        rows[i].middle -= factor * above.upper;
        rows[i].right -= factor * above.right;
    }
    let mut below = 0.0;
    let upwards = rows.iter().rev().map(|row| {
        below = (row.right - row.upper * below) / row.middle;
        below
    });
    let mut slopes: Vec<f64> = upwards.collect();
    slopes.reverse();
    slopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cubic::hermite;

    const X: [f64; 6] = [0.0, 0.4, 1.0, 1.9, 2.0, 3.1];

    #[test]
    fn cubics_are_reproduced_on_uneven_knots() {
        let f = |x: f64| 1.0 - 2.0 * x + 3.0 * x * x - 0.7 * x * x * x;
        let found = slopes(&Axis::new(&X).unwrap(), &X.map(f), Start::Free);
        for (x, m) in X.iter().zip(found) {
            assert!(
                (m - (-2.0 + 6.0 * x - 2.1 * x * x)).abs() < 1e-11,
                "{x} {m}"
            );
        }
    }

    /// An even cubic has no odd powers, an odd one no even ones.
    #[test]
    fn a_known_start_is_kept() {
        let level = |x: f64| 2.0 - 3.0 * x * x + 0.4 * x * x * x;
        let straight = |x: f64| 2.0 * x - 0.4 * x * x * x;
        for n in 3..=X.len() {
            let axis = Axis::new(&X[..n]).unwrap();
            let y = |f: &dyn Fn(f64) -> f64| X[..n].iter().map(|x| f(*x)).collect::<Vec<_>>();
            for (x, m) in X.iter().zip(slopes(&axis, &y(&level), Start::Level)) {
                assert!((m - (1.2 * x * x - 6.0 * x)).abs() < 1e-11, "{n} {x} {m}");
            }
            for (x, m) in X.iter().zip(slopes(&axis, &y(&straight), Start::Straight)) {
                assert!((m - (2.0 - 1.2 * x * x)).abs() < 1e-11, "{n} {x} {m}");
            }
        }
    }

    #[test]
    fn bends_of_neighbouring_cells_meet() {
        let axis = Axis::new(&X).unwrap();
        let y = X.map(|x: f64| (1.3 * x).sin() + x.sqrt());
        for start in [Start::Free, Start::Level, Start::Straight] {
            let m = slopes(&axis, &y, start);
            let cell = |i: usize| hermite(X[i + 1] - X[i], [y[i], y[i + 1]], [m[i], m[i + 1]]);
            for i in 1..X.len() - 1 {
                let [.., c, d] = cell(i - 1);
                let jump = c + 3.0 * d * (X[i] - X[i - 1]) - cell(i)[2];
                assert!(jump.abs() < 1e-10, "{start:?} {i} {jump}");
            }
        }
    }

    #[test]
    fn few_knots_make_a_line_or_a_parabola() {
        let line = Axis::new(&[1.0, 3.0]).unwrap();
        assert_eq!(slopes(&line, &[1.0, 2.0], Start::Free), [0.5, 0.5]);
        assert_eq!(slopes(&line, &[1.0, 2.0], Start::Level), [0.0, 0.5]);
        let three = Axis::new(&[0.0, 1.0, 3.0]).unwrap();
        let found = slopes(&three, &[0.0, 1.0, 9.0], Start::Free);
        assert_eq!(found, [0.0, 2.0, 6.0]);
    }
}
