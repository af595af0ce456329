//! Exploration.
use ear::echo::EchoCanceller;
use realfft::RealFftPlanner;
use std::io::Write as _;
use std::path::Path;

fn read(path: &Path) -> Vec<f32> {
    use symphonia::core::formats::probe::Hint;
    use symphonia::core::formats::{FormatOptions, TrackType};
    let file = std::fs::File::open(path).expect("file");
    let stream = symphonia::core::io::MediaSourceStream::new(Box::new(file), Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), Default::default())
        .expect("format");
    let track = format.default_track(TrackType::Audio).expect("track");
    let params = track.codec_params.as_ref().and_then(|p| p.audio()).expect("audio");
    assert_eq!(params.sample_rate, Some(16_000), "{path:?}");
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(params, &Default::default())
        .expect("decoder");
    let (mut all, mut piece) = (Vec::new(), Vec::new());
    while let Ok(Some(packet)) = format.next_packet() {
        let buffer = decoder.decode(&packet).expect("packet");
        assert_eq!(buffer.spec().channels().count(), 1);
        buffer.copy_to_vec_interleaved(&mut piece);
        all.extend_from_slice(&piece);
    }
    all
}

fn folder(dir: &Path) -> Vec<(String, Vec<f32>)> {
    let mut paths: Vec<_> = std::fs::read_dir(dir)
        .expect("folder")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "wav" || e == "flac"))
        .collect();
    paths.sort();
    paths.iter().map(|p| (p.file_stem().expect("n").to_string_lossy().into_owned(), read(p))).collect()
}

fn convolve(x: &[f32], h: &[f32]) -> Vec<f32> {
    let n = 32_768;
    let step = n - h.len();
    let mut planner = RealFftPlanner::<f32>::new();
    let (fwd, inv) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
    let mut buf = vec![0.0; n];
    buf[..h.len()].copy_from_slice(h);
    let mut hf = fwd.make_output_vec();
    fwd.process(&mut buf, &mut hf).expect("fft");
    let mut out = vec![0.0; x.len() + n];
    let mut xf = fwd.make_output_vec();
    for (k, piece) in x.chunks(step).enumerate() {
        buf.fill(0.0);
        buf[..piece.len()].copy_from_slice(piece);
        fwd.process(&mut buf, &mut xf).expect("fft");
        for (a, b) in xf.iter_mut().zip(&hf) { *a *= b; }
        inv.process(&mut xf, &mut buf).expect("fft");
        for (o, b) in out[k * step..].iter_mut().zip(&buf) { *o += b / n as f32; }
    }
    out.truncate(x.len());
    out
}

fn gauss(r: &mut fastrand::Rng) -> f32 {
    (-2.0 * (1.0 - r.f32()).ln()).sqrt() * (std::f32::consts::TAU * r.f32()).cos()
}

/// unit energy; direct path first.
fn room(rt60_s: f32, direct_db: f32, r: &mut fastrand::Rng) -> Vec<f32> {
    let n = (rt60_s * 16_000.0) as usize;
    let mut h: Vec<f32> = (0..n).map(|k| gauss(r) * 10f32.powf(-3.0 * k as f32 / n as f32)).collect();
    h[..32].fill(0.0);
    let tail: f32 = h.iter().map(|s| s * s).sum();
    h[0] = (tail * 10f32.powf(direct_db / 10.0)).sqrt();
    let all: f32 = h.iter().map(|s| s * s).sum::<f32>().sqrt();
    h.iter_mut().for_each(|s| *s /= all);
    h
}

fn rms(x: &[f32]) -> f32 {
    (x.iter().map(|s| s * s).sum::<f32>() / x.len().max(1) as f32).sqrt()
}
/// rms of the loud half
fn level(x: &[f32]) -> f32 {
    let mut p: Vec<f32> = x.chunks(320).map(rms).collect();
    p.sort_by(f32::total_cmp);
    rms(&p[p.len() / 2..])
}

/// Largest normalised correlation of the end of x (any lag) with e.
fn correlation(e: &[f32], x: &[f32], pre: f32) -> f32 {
    thread_local! { static P: (std::sync::Arc<dyn realfft::RealToComplex<f32>>, std::sync::Arc<dyn realfft::ComplexToReal<f32>>) = { let mut p = RealFftPlanner::new(); (p.plan_fft_forward(16_384), p.plan_fft_inverse(16_384)) }; }
    P.with(|(fwd, inv)| {
        let w = |v: &[f32]| -> Vec<f32> { (0..v.len()).map(|i| v[i] - if i > 0 { pre * v[i - 1] } else { 0.0 }).collect() };
        let (mut a, mut b) = (w(e), w(x));
        let ea: f32 = a.iter().map(|s| s * s).sum();
        let mut sums = vec![0f32; b.len() + 1];
        for i in 0..b.len() { sums[i + 1] = sums[i] + b[i] * b[i]; }
        a.resize(16_384, 0.0);
        let (mut fa, mut fb) = (fwd.make_output_vec(), fwd.make_output_vec());
        fwd.process(&mut a, &mut fa).expect("f");
        fwd.process(&mut b, &mut fb).expect("f");
        for (p, q) in fa.iter_mut().zip(&fb) { *p = p.conj() * q; }
        fa[0].im = 0.0; fa[8192].im = 0.0;
        inv.process(&mut fa, &mut a).expect("i");
        // lag d: e[n] ~ x[8192 - d + n]
        (0..7000).map(|d| { let s = 8192 - d; let ex = sums[s + 8192] - sums[s]; a[s].abs() / 16_384.0 / (ea * ex + 1e-9).sqrt() }).fold(0.0, f32::max)
    })
}

struct Vad { model: rten::Model, state: rten_tensor::NdTensor<f32, 3>, tail: Vec<f32> }
impl Vad {
    fn new() -> Self {
        let path = "/root/vadwork/s5/silero_vad/data/silero_vad.onnx";
        Self { model: rten::Model::load_file(path).expect("model"), state: rten_tensor::NdTensor::zeros([2, 1, 128]), tail: vec![0.0; 64] }
    }
    fn score(&mut self, frame: &[f32]) -> f32 {
        use rten_tensor::prelude::*;
        let mut x = self.tail.clone();
        x.extend_from_slice(frame);
        self.tail = x[512..].to_vec();
        let id = |n: &str| self.model.node_id(n).expect("node");
        let input = rten_tensor::NdTensor::from_data([1, 576], x);
        let sr = rten_tensor::NdTensor::<i32, 0>::from_data([], vec![16_000]);
        let out = self.model.run(vec![
            (id("input"), input.view().into()), (id("state"), self.state.view().into()), (id("sr"), sr.view().into()),
        ], &[id("output"), id("stateN")], None).expect("run");
        let [p, s]: [rten::Value; 2] = out.try_into().ok().expect("two");
        self.state = s.try_into().expect("state");
        let p: rten_tensor::Tensor<f32> = p.try_into().expect("p");
        p.iter().next().copied().expect("p")
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let far = folder(Path::new(&args[1]));
    let near = folder(&Path::new(&args[2]).join("speech"));
    let noises = folder(&Path::new(&args[2]).join("nonspeech"));
    let get = |k: &str, d: f32| std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
    let minutes = get("MIN", 5.0);
    let (delay, db, rt60, direct) = (get("DELAY", 80.0), get("DB", -6.0), get("RT60", 0.4), get("DRR", 0.0));
    let kind = std::env::var("NEAR").unwrap_or("none".into());
    let near_db = get("NEARDB", 0.0);
    let mut r = fastrand::Rng::with_seed(get("SEED", 1.0) as u64);
    let n = (minutes * 60.0 * 16_000.0) as usize;
    let mut x = Vec::new();
    let mut spans = Vec::new();
    while x.len() < n {
        x.resize(x.len() + (16_000.0 * [0.3, 0.8, 2.0, 4.0, 8.0][r.usize(..5)]) as usize, 0.0);
        let clip = &far[r.usize(..far.len())].1;
        let g = 0.12 / level(clip);
        spans.push((x.len(), x.len() + clip.len()));
        x.extend(clip.iter().map(|s| s * g));
    }
    let g = 10f32.powf(db / 20.0);
    let shift = (delay * 16.0) as usize;
    let noise = get("NOISE", 3e-4);
    let change = get("CHANGE", 0.0);
    let period = if change > 0.0 { (change * 16_000.0) as usize } else { x.len() };
    let mut y: Vec<f32> = (0..x.len()).map(|_| gauss(&mut r) * noise).collect();
    let bend = get("BEND", 0.0);
    for (i, from) in (0..x.len()).step_by(period).enumerate() {
        let h = room(rt60, direct, &mut r);
        let to = (from + period).min(x.len());
        let before = from.saturating_sub(16_000);
        let played: Vec<f32> = x[before..to].iter().map(|s| if bend > 0.0 { (s * bend).tanh() / bend } else { *s }).collect();
        let echo = convolve(&played, &h);
        let shift = if i % 2 == 1 { shift + 320 } else { shift };
        for k in from..to { if k >= before + shift { y[k] += g * echo[k - before - shift]; } }
    }
    let drift = get("DRIFT", 0.0) * 1e-6;
    if drift > 0.0 {
        let old = y.clone();
        for k in 0..y.len() { let t = k as f64 * (1.0 - f64::from(drift)); let i = t as usize; let f = (t - i as f64) as f32; y[k] = old[i] * (1.0 - f) + old[i + 1 - usize::from(i + 1 == old.len())] * f; }
    }
    // near
    let echo_level = 0.12 * g;
    let mut truth = Vec::new();
    let mut near_only = vec![0f32; y.len()];
    if kind != "none" {
        for &(a, b) in &spans {
            let mut t = a + 8_000 + r.usize(..16_000);
            while t + 56_000 < b {
                let (clip, len) = if kind == "speech" {
                    (&near[r.usize(..near.len())].1, (0.6 + 2.4 * r.f32()) * 16_000.0)
                } else {
                    (&noises.iter().filter(|c| !c.0.contains("music") && !c.0.contains("sb_")).nth(r.usize(..9)).expect("n").1, 16_000.0 * (0.4 + 0.8 * r.f32()))
                };
                let len = (len as usize).min(clip.len() - 1600);
                let at = r.usize(..clip.len() - len);
                let piece = &clip[at..at + len];
                let lv = level(piece);
                if lv > 1e-3 {
                    let g = echo_level * 10f32.powf(near_db / 20.0) / lv;
                    let fade = 160;
                    for (k, s) in piece.iter().enumerate() {
                        let f = (k.min(len - k) as f32 / fade as f32).min(1.0);
                        y[t + k] += s * g * f; near_only[t + k] += s * g * f;
                    }
                    // speech begins where it is first loud
                    let on = piece.chunks(320).position(|c| rms(c) > lv * 0.3).unwrap_or(0) * 320;
                    truth.push((t + on, t + len));
                }
                t += len + 48_000 + r.usize(..32_000);
            }
        }
    }
    y.iter_mut().for_each(|s| *s = s.clamp(-1.0, 1.0));
    let mut aec = EchoCanceller::new();
    let mut lin = Vec::new();
    let begun = std::time::Instant::now();
    for (a, b) in y.chunks(320).zip(x.chunks(320)) { aec.process(a, b, &mut lin); }
    let took = begun.elapsed().as_secs_f32();
    eprintln!("cpu {:.2}% bypassed {:.2} {:?}", took / (x.len() as f32 / 16_000.0) * 100.0, aec.bypassed as f32 * 64.0 / x.len() as f32, aec.metrics());
    let mut out = std::io::BufWriter::new(std::fs::File::create(&args[3]).expect("out"));
    let mut vads = [Vad::new(), Vad::new(), Vad::new()];
    let sup = &aec.suppressed;
    for k in 0..lin.len() / 512 {
        let p0 = vads[0].score(&lin[k * 512..][..512]);
        let p1 = vads[1].score(&sup[k * 512..][..512]);
        let p2 = if kind == "none" { 0.0 } else { vads[2].score(&near_only[k * 512..][..512]) };
        let mut e = [0f32; 4];
        for b in &aec.energies[k * 8..k * 8 + 8] { for j in 0..4 { e[j] += b[j] / 8.0; } }
        let mid = k * 512 + 256;
        let end = k * 512 + 512;
        let (mut rho, mut rho_pre) = (0.0, 0.0);
        if end > 16_384 && p0 > 0.3 {
            rho = correlation(&lin[end - 8192..end], &x[end - 16_384..end], 0.0);
            rho_pre = correlation(&lin[end - 8192..end], &x[end - 16_384..end], 0.95);
        }
        let t = truth.iter().position(|&(a, b)| a <= mid && mid < b).map_or(-1, |i| i as i32);
        let clean = i32::from(spans.iter().any(|&(a, b)| a <= mid && mid < b + 8000));
        writeln!(out, "{p0:.3} {p1:.3} {:.1} {:.1} {:.1} {:.1} {t} {clean} {p2:.3} {rho:.3} {rho_pre:.3}", 10.0*(e[0]+1e-12).log10(), 10.0*(e[1]+1e-12).log10(), 10.0*(e[2]+1e-12).log10(), 10.0*(e[3]+1e-12).log10()).expect("w");
    }
}
