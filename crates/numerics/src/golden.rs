//! Minima of functions of one variable by golden section.

/// 1/φ.
const SHRINK: f64 = 0.618_033_988_749_894_9;

/// Where `f` is least between `a` and `b`, for `f` with one minimum there, after `calls` calls.
///
/// Each call narrows the bracket by 0.618: 24 calls leave 1e-5 of it. The ends themselves are not
/// tried.
///
/// Source: Kiefer 1953, doi:10.1090/S0002-9939-1953-0055639-3.
pub fn minimum(mut f: impl FnMut(f64) -> f64, a: f64, b: f64, calls: usize) -> f64 {
    let (mut low, mut high) = (a, b);
    let mut x = [high - SHRINK * (high - low), low + SHRINK * (high - low)];
    let mut y = [f(x[0]), f(x[1])];
    for _ in 2..calls {
        if y[0] < y[1] {
            high = x[1];
            x = [high - SHRINK * (high - low), x[0]];
            y = [f(x[0]), y[0]];
        } else {
            low = x[0];
            x = [x[1], low + SHRINK * (high - low)];
            y = [y[1], f(x[1])];
        }
    }
    if y[0] < y[1] { x[0] } else { x[1] }
}

/// Where `f` is least between `a` and `b`, ends included: the best of `cells` + 1 even points,
/// refined by golden section in the cells beside it.
pub fn global_minimum(
    mut f: impl FnMut(f64) -> f64,
    a: f64,
    b: f64,
    cells: u32,
    calls: usize,
) -> f64 {
    let step = (b - a) / f64::from(cells.max(1));
    let mut best = (a, f(a));
    for i in 1..=cells {
        let x = if i == cells {
            b
        } else {
            a + step * f64::from(i)
        };
        let y = f(x);
        if y < best.1 {
            best = (x, y);
        }
    }
    let inside = |x: f64| if a < b { x.clamp(a, b) } else { x.clamp(b, a) };
    let refined = minimum(&mut f, inside(best.0 - step), inside(best.0 + step), calls);
    if f(refined) < best.1 { refined } else { best.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minima_are_found_inside_and_at_the_ends() {
        assert!((minimum(|x| (x - 0.3).powi(2), -1.0, 2.0, 40) - 0.3).abs() < 1e-6);
        assert_eq!(global_minimum(|x| x, 0.0, 1.0, 8, 20), 0.0);
        let two = |x: f64| (x * x - 1.0).powi(2) + 0.1 * x;
        assert!((global_minimum(two, -2.0, 2.0, 16, 30) + 1.012).abs() < 1e-3);
    }
}
