//! Scenarios of uncertain figures: a Latin hypercube over triangular ranges, the same on every machine.

/// Points of a Latin hypercube in the open unit cube: each coordinate takes every one of `points`
/// equal slices once, at its middle, in an order of its own that follows from the seed.
///
/// Source: McKay, Beckman & Conover 1979, doi:10.1080/00401706.1979.10489755.
#[must_use]
pub fn latin_hypercube(points: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut chance = SplitMix64(seed);
    let orders: Vec<Vec<usize>> = (0..dimensions).map(|_| chance.shuffled(points)).collect();
    #[allow(clippy::cast_precision_loss)]
    let middle = |slice: usize| (slice as f64 + 0.5) / points as f64;
    (0..points)
        .map(|point| orders.iter().map(|order| middle(order[point])).collect())
        .collect()
}

/// The value that a triangular distribution stays below with probability `p`: from `low` to `high`,
/// most likely at `mode`.
#[must_use]
pub fn triangular(p: f64, low: f64, mode: f64, high: f64) -> f64 {
    let width = high - low;
    if width <= 0.0 {
        return mode;
    }
    let rising = (mode - low) / width;
    if p < rising {
        low + (p * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - p) * width * (high - mode)).sqrt()
    }
}

/// Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195: 64-bit integers alone, so the same bits
/// everywhere.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The numbers below `n` in a random order (Fisher & Yates).
    fn shuffled(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            #[allow(clippy::cast_possible_truncation)]
            let other = (self.next() % (last as u64 + 1)) as usize;
            order.swap(last, other);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slice_of_every_coordinate_is_met_once() {
        let cube = latin_hypercube(100, 7, 42);
        for dimension in 0..7 {
            let mut values: Vec<f64> = cube.iter().map(|point| point[dimension]).collect();
            values.sort_by(f64::total_cmp);
            let even = values
                .iter()
                .enumerate()
                .all(|(i, v)| (v - (i as f64 + 0.5) / 100.0).abs() < 1e-12);
            assert!(even);
        }
        assert_eq!(cube, latin_hypercube(100, 7, 42));
        assert_ne!(cube, latin_hypercube(100, 7, 43));
    }

    /// First output of the published generator for the seed 1234567: 6457827717110365317.
    #[test]
    fn the_generator_is_the_published_one() {
        assert_eq!(SplitMix64(1_234_567).next(), 6_457_827_717_110_365_317);
    }

    /// Mean (a + b + c) / 3 and variance of the triangular distribution, from even quantiles.
    #[test]
    fn triangular_values_have_their_mean_and_variance() {
        let (low, mode, high) = (2.0, 3.0, 7.0);
        let n = 20_000;
        let values: Vec<f64> = (0..n)
            .map(|i| triangular((f64::from(i) + 0.5) / f64::from(n), low, mode, high))
            .collect();
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(n);
        assert!((mean - 4.0).abs() < 1e-4);
        let known = (4.0 + 9.0 + 49.0 - 6.0 - 14.0 - 21.0) / 18.0;
        assert!((variance - known).abs() < 1e-3, "{variance} {known}");
        assert_eq!(triangular(0.3, 5.0, 5.0, 5.0), 5.0);
    }
}
