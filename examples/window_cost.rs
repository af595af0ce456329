//! Prints what a picture of the window costs the processor: layout and
//! tessellation, the rasteriser apart, while she speaks at the end of a long
//! conversation; and her shape alone. Every sentence here is invented.
//!
//! ```text
//! cargo run --release --example window_cost -- --turns 500
//! ```

use clap::Parser;
use eframe::egui::{self, Pos2, Rect, vec2};
use samantha::app::{SamanthaApp, Update, Wiring, inbox};
use samantha::session::{Event, Line, Presence, Speaker};
use samantha::settings::Settings;
use samantha::turn::TurnId;
use std::time::Duration;

#[derive(Parser)]
struct Args {
    /// Finished exchanges before the current one.
    #[arg(long, default_value_t = 500)]
    turns: u64,
    /// Pictures that are measured.
    #[arg(long, default_value_t = 1000)]
    frames: u32,
    /// Of the window, in points.
    #[arg(long, default_value = "1280x800")]
    size: String,
}

/// Pictures before anything is measured: fonts are laid out for the first time.
const WARM_UP: u32 = 30;
/// Between two pictures while she speaks.
const STEP_S: f64 = 0.033;
/// A word of hers comes with every so many pictures.
const FRAMES_A_WORD: usize = 8;

const QUESTION: &str = "How was the sea this morning? I could not sleep and thought I might walk \
                        down to the harbour before anybody else is up.";
const ANSWER: &str = "I have no window to look out of, so I cannot say how the sea was. But a \
                      walk by the harbour sounds like a good answer to a sleepless night. What \
                      kept you awake?";

fn main() {
    let args = Args::parse();
    let (width, height) = args.size.split_once('x').expect("a size such as 1280x800");
    let size = vec2(width.parse().expect("a width"), height.parse().expect("a height"));
    println!("a picture, in ms of the processor\tp50\tp99\tmost");
    let (layout, tessellation) = speaking(&args, size, args.turns);
    let both = layout.iter().zip(&tessellation).map(|(a, b)| a + b).collect();
    print_row(&format!("she speaks, after {} turns", args.turns), both);
    print_row("  of it layout", layout);
    print_row("  of it tessellation", tessellation);
    let (layout, tessellation) = speaking(&args, size, 0);
    let both = layout.iter().zip(&tessellation).map(|(a, b)| a + b).collect();
    print_row("she speaks her first words", both);
    let (layout, tessellation) = listening(&args, size);
    let both = layout.iter().zip(&tessellation).map(|(a, b)| a + b).collect();
    print_row("she listens in an empty room, her shape at its largest", both);
}

fn print_row(what: &str, mut costs_ms: Vec<f64>) {
    costs_ms.sort_by(f64::total_cmp);
    let at = |quantile: f64| {
        let place = (quantile * costs_ms.len() as f64).ceil() as usize;
        costs_ms[place.clamp(1, costs_ms.len()) - 1]
    };
    println!("{what}\t{:.2}\t{:.2}\t{:.2}", at(0.5), at(0.99), at(1.0));
}

/// A window without a display.
struct Window {
    ctx: egui::Context,
    app: SamanthaApp,
    tell: Box<dyn Fn(Event)>,
    screen: Rect,
    now_s: f64,
}

impl Window {
    fn new(size: egui::Vec2) -> Self {
        let ctx = egui::Context::default();
        let (sender, updates) = inbox(&ctx);
        let app = SamanthaApp::new(&ctx, updates, wiring());
        let tell = Box::new(move |event| sender.send(Update::Session(event)));
        Self { ctx, app, tell, screen: Rect::from_min_size(Pos2::ZERO, size), now_s: 0.0 }
    }

    /// The next picture: milliseconds for layout, and for tessellation.
    fn picture(&mut self) -> (f64, f64) {
        self.now_s += STEP_S;
        let input = egui::RawInput {
            screen_rect: Some(self.screen),
            time: Some(self.now_s),
            focused: true,
            ..Default::default()
        };
        let begun = processor_time();
        let app = &mut self.app;
        let output = self.ctx.run_ui(input, |ui| {
            app.logic(&ui.ctx().clone());
            app.paint(ui);
        });
        let laid_out = processor_time();
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let done = processor_time();
        assert!(!meshes.is_empty(), "nothing was painted");
        let ms = |from: Duration, to: Duration| (to - from).as_secs_f64() * 1000.0;
        (ms(begun, laid_out), ms(laid_out, done))
    }
}

fn ready(window: &Window) {
    for event in [
        Event::HearingReady("Whisper base".into()),
        Event::DialogueReady("Qwen2.5 1.5B, on this computer".into()),
        Event::Capturing(true),
    ] {
        (window.tell)(event);
    }
}

/// She speaks, word by word, and her voice moves her.
fn speaking(args: &Args, size: egui::Vec2, turns: u64) -> (Vec<f64>, Vec<f64>) {
    let mut window = Window::new(size);
    ready(&window);
    let mut lines: Vec<Line> = (0..turns)
        .flat_map(|turn| {
            [line(turn, Speaker::Person, QUESTION), line(turn, Speaker::Samantha, ANSWER)]
        })
        .collect();
    lines.push(line(turns, Speaker::Person, QUESTION));
    (window.tell)(Event::Conversation(lines));
    let turn = TurnId(turns);
    (window.tell)(Event::Presence { turn: Some(turn), presence: Presence::Speaking });
    let words: Vec<&str> = ANSWER.split(' ').collect();
    measure(args, &mut window, |window, frame| {
        (window.tell)(Event::VoiceLevel(0.06 + 0.05 * (frame as f32 * 0.6).sin()));
        let said = frame / FRAMES_A_WORD % words.len() + 1;
        if frame.is_multiple_of(FRAMES_A_WORD) {
            (window.tell)(Event::Reply { turn, text: words[..said].join(" ") });
        }
    })
}

/// She listens, and words are understood.
fn listening(args: &Args, size: egui::Vec2) -> (Vec<f64>, Vec<f64>) {
    let mut window = Window::new(size);
    ready(&window);
    let turn = TurnId(1);
    (window.tell)(Event::Presence { turn: Some(turn), presence: Presence::Listening });
    let words: Vec<&str> = QUESTION.split(' ').collect();
    measure(args, &mut window, |window, frame| {
        (window.tell)(Event::Level(0.05 + 0.045 * (frame as f32 * 0.6).sin()));
        let said = frame / FRAMES_A_WORD % words.len() + 1;
        (window.tell)(Event::Partial { turn, text: words[..said].join(" ") });
    })
}

fn measure(
    args: &Args,
    window: &mut Window,
    mut happens: impl FnMut(&Window, usize),
) -> (Vec<f64>, Vec<f64>) {
    let mut costs = (Vec::new(), Vec::new());
    for frame in 0..WARM_UP + args.frames {
        happens(window, frame as usize);
        let (layout_ms, tessellation_ms) = window.picture();
        if frame >= WARM_UP {
            costs.0.push(layout_ms);
            costs.1.push(tessellation_ms);
        }
    }
    costs
}

fn line(turn: u64, speaker: Speaker, text: &str) -> Line {
    Line {
        turn: TurnId(turn),
        speaker,
        text: text.into(),
        interrupted: false,
        off_the_record: false,
        said_at: jiff::Timestamp::now(),
    }
}

fn wiring() -> Wiring {
    Wiring {
        errand: Box::new(|_, _| {}),
        tray: Box::new(|_| {}),
        try_microphone: Box::new(|_| {}),
        settings: Settings::default(),
        send: Box::new(drop),
        settings_changed: Box::new(|_| Ok(())),
        check_hotkey: Box::new(|_| Ok(())),
        list_microphones: Box::new(|| {}),
        download: Box::new(drop),
        audition: Box::new(|_, _| {}),
    }
}

/// What this thread took of the processor, which other programs do not change.
#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Elsewhere the clock on the wall.
#[cfg(not(target_os = "linux"))]
fn processor_time() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGUN.elapsed()
}
