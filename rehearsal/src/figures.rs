//! What measurements have in common: quantiles, and where they were taken.

use std::time::{Duration, Instant};

/// From one moment to another, negative if that was earlier.
pub fn ms_between(from: Instant, to: Instant) -> f64 {
    let later = to.saturating_duration_since(from).as_secs_f64();
    (later - from.saturating_duration_since(to).as_secs_f64()) * 1000.0
}

/// The smallest value that at least this share of the values does not exceed.
pub fn at_quantile(mut values: Vec<f64>, quantile: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let place = (quantile * values.len() as f64).ceil() as usize;
    values.get(place.max(1) - 1).copied()
}

/// Milliseconds, or a dash.
pub fn in_ms(value: Option<f64>) -> String {
    value.map_or("-".into(), |ms| format!("{ms:.0} ms"))
}

/// The processor.
pub fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split(':').nth(1));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} ({cores} cores)", model.unwrap_or("an unnamed processor").trim())
}

/// How long a mebibyte takes to be cleared where bars for idle programs were set.
const CLEARED_IN: Duration = Duration::from_micros(31);

/// How much slower this machine is now than the one where bars for idle programs
/// were set, at what they mostly do: PulseAudio's client clears two mebibytes each
/// time it looks for sound. 1.0 at least, 2.0 at most.
pub fn slowness() -> f64 {
    let mut buffer = vec![1u8; 1 << 20];
    let mut times: Vec<f64> = (0..200)
        .map(|round| {
            // As rarely as the client does it, so that the memory is as cold.
            std::thread::sleep(Duration::from_millis(10));
            let begun = Instant::now();
            buffer.fill(std::hint::black_box(round as u8));
            std::hint::black_box(&buffer);
            begun.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2] / CLEARED_IN.as_secs_f64()).clamp(1.0, 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let values = vec![5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(at_quantile(values.clone(), 0.5), Some(3.0));
        assert_eq!(at_quantile(values, 0.95), Some(5.0));
        assert_eq!(at_quantile(vec![], 0.5), None);
    }
}
