//! What listening costs.

use super::*;

/// Processor time of this process so far, all threads.
fn cpu_time() -> Duration {
    // Fields 14 and 15, counted after the name, in hundredths of a second.
    let stat = std::fs::read_to_string("/proc/self/stat").expect("procfs");
    let after_name = stat.rsplit_once(')').expect("a name").1;
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().expect("a number"))
        .sum();
    Duration::from_millis(ticks * 10)
}

fn status(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("procfs");
    let line = status.lines().find(|line| line.starts_with(key)).expect("the field");
    line.split_whitespace().nth(1).expect("a value").parse().expect("a number")
}

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("procfs").count()
}

#[test]
fn waiting_for_the_key_costs_next_to_nothing() {
    let test = "cost::waiting_for_the_key_costs_next_to_nothing";
    let Some(_desktop) = own_desktop(test, &usual()) else { return };
    let opened_at = Instant::now();
    let mut listening = Listening::to(None);
    listening.wait_until_ready();
    println!("ready {:?} after the call", opened_at.elapsed());
    std::thread::sleep(Duration::from_secs(1));
    let (before, from) = (cpu_time(), Instant::now());
    std::thread::sleep(Duration::from_secs(20));
    let idle = (cpu_time() - before).as_secs_f64() / from.elapsed().as_secs_f64() * 100.0;
    listening.microphone.start(TURN);
    let (before, from) = (cpu_time(), Instant::now());
    std::thread::sleep(Duration::from_secs(10));
    let busy = (cpu_time() - before).as_secs_f64() / from.elapsed().as_secs_f64() * 100.0;
    println!("{idle:.2}% of a core while idle, {busy:.2}% while a turn is captured");
    assert!(idle <= 0.3, "{idle}% of a core");
}

#[test]
fn opening_and_closing_many_times_leaves_nothing_behind() {
    let test = "cost::opening_and_closing_many_times_leaves_nothing_behind";
    let Some(_desktop) = own_desktop(test, &usual()) else { return };
    let rounds = |count: usize| {
        for _ in 0..count {
            let mut listening = Listening::to(None);
            listening.wait_until_ready();
            listening.microphone.start(TURN);
            std::thread::sleep(Duration::from_millis(100));
            assert!(!listening.finish().is_empty());
        }
        std::thread::sleep(Duration::from_millis(300));
        (status("Threads:"), open_files(), status("VmRSS:"))
    };
    let (threads, files, _) = rounds(5);
    let (_, _, memory_kb) = rounds(10);
    let (threads_after, files_after, memory_after_kb) = rounds(30);
    println!(
        "{threads} threads, {files} files, {memory_kb} kB; then {threads_after}, {files_after}, {memory_after_kb}"
    );
    assert_eq!((threads_after, files_after), (threads, files));
    assert!(memory_after_kb < memory_kb + 1024, "{memory_kb} kB, then {memory_after_kb} kB");
}
