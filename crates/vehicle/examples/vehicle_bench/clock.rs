//! Processor time (Linux; NaN elsewhere).

use std::fs;

/// Processor time of this thread, s.
pub(crate) fn thread_cpu_s() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = text.split_whitespace().next().map(str::parse::<f64>);
    spent.and_then(Result::ok).map_or(f64::NAN, |ns| ns * 1e-9)
}

/// Processor time of one call, s, over as many as take a tenth of a second; the first is not counted.
pub(crate) fn cpu_of(mut work: impl FnMut()) -> f64 {
    work();
    let mut runs = 1_u32;
    loop {
        let start = thread_cpu_s();
        (0..runs).for_each(|_| work());
        let spent = thread_cpu_s() - start;
        if spent.is_nan() || spent > 0.1 {
            return spent / f64::from(runs);
        }
        runs *= 4;
    }
}
