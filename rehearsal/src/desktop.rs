//! Starting, using and ending the virtual desktop.

use crate::processes::{Keeper, Running, output_of, quick_tool, rank_sound_server, tool};
use crate::room::{self, EchoRoom};
use crate::sound::{PERIOD, RECORDING_RATE_HZ, Recording};
use anyhow::{Context, anyhow};
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to answer for the first time.
const START_WITHIN: Duration = Duration::from_secs(15);

/// The sink that stands for the loudspeaker.
const SPEAKER: &str = "speaker";

/// What the microphone looks like to programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrophoneSpec {
    /// Its name in the sound server; letters, digits and underscores.
    pub name: String,
    /// What people read.
    pub description: String,
    /// Samples a second.
    pub rate_hz: u32,
    /// 1 or more.
    pub channels: u16,
    /// PulseAudio's name of the sample format, such as `s16le`.
    pub format: String,
    /// Give sound in pieces as long as programs ask for, as real devices do,
    /// not of 50 ms at most. The first sound then comes two seconds late.
    pub long_periods: bool,
}

impl Default for MicrophoneSpec {
    fn default() -> Self {
        Self {
            name: "virtual_microphone".into(),
            description: "Virtual Microphone".into(),
            rate_hz: 48_000,
            channels: 2,
            format: "s16le".into(),
            long_periods: false,
        }
    }
}

/// What the desktop is made of.
#[derive(Clone, Debug)]
pub struct Options {
    /// Start a display.
    pub display: bool,
    /// Start a speech service.
    pub speech: bool,
    /// Plug this microphone in.
    pub microphone: Option<MicrophoneSpec>,
    /// The display's size in pixels.
    pub screen: (u32, u32),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            display: true,
            speech: true,
            microphone: Some(MicrophoneSpec::default()),
            screen: (1280, 800),
        }
    }
}

struct PluggedMicrophone {
    spec: MicrophoneSpec,
    /// The sound server's numbers of its modules, in the order of loading.
    modules: Vec<String>,
}

/// A running virtual desktop. Everything ends when it is dropped.
///
/// Fields are dropped in order: clients before servers, the folder last.
pub struct Desktop {
    speech: Option<Running>,
    microphones: Vec<PluggedMicrophone>,
    _sound: Running,
    display: Option<(Running, String)>,
    _bus: Running,
    environment: Vec<(OsString, OsString)>,
    keeper: Keeper,
    folder: PathBuf,
    /// Removes the folder, unless somebody else owns it.
    _own_folder: Option<tempfile::TempDir>,
}

impl Desktop {
    /// Starts a display, a session bus, a sound server with a microphone and a
    /// speaker, and a speech service.
    ///
    /// # Errors
    /// If a program is missing (the message names its Debian package) or does
    /// not answer within 15 s.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with(&Options::default())
    }

    /// Starts only what is wanted.
    pub fn start_with(options: &Options) -> anyhow::Result<Self> {
        let own_folder = tempfile::Builder::new().prefix("rehearsal-").tempdir()?;
        let mut desktop = Self::start_in(own_folder.path(), options)?;
        desktop._own_folder = Some(own_folder);
        Ok(desktop)
    }

    /// Starts in a folder of the caller's. Where its sound server will answer
    /// is known before: see [`Desktop::sound_environment`].
    pub fn start_in(folder: &Path, options: &Options) -> anyhow::Result<Self> {
        let runtime_dir = folder.join("run");
        std::fs::create_dir_all(&runtime_dir)?;
        std::fs::set_permissions(&runtime_dir, std::fs::Permissions::from_mode(0o700))?;
        let keeper = Keeper::start()?;
        let mut environment = Self::sound_environment(folder);

        let display = match options.display {
            true => Some(start_display(&keeper, options.screen)?),
            false => None,
        };
        if let Some((_, name)) = &display {
            environment.push(("DISPLAY".into(), name.into()));
            environment.push(("XDG_SESSION_TYPE".into(), "x11".into()));
        }

        let (bus, address) = start_bus(&keeper, &runtime_dir)?;
        environment.push(("DBUS_SESSION_BUS_ADDRESS".into(), address.into()));

        let sound = start_sound(&keeper, folder, &environment)?;

        let mut desktop = Self {
            speech: None,
            microphones: Vec::new(),
            _sound: sound,
            display,
            _bus: bus,
            environment,
            keeper,
            folder: folder.to_owned(),
            _own_folder: None,
        };
        rank_sound_server(desktop.sound_server_id());
        desktop.pactl(&["set-default-sink", SPEAKER])?;
        if let Some(microphone) = &options.microphone {
            desktop.plug(microphone)?;
        }
        let speech_socket = desktop.speech_socket();
        let mut address = OsString::from("unix_socket:");
        address.push(&speech_socket);
        desktop.environment.push(("SPEECHD_ADDRESS".into(), address));
        if options.speech {
            desktop.start_speech_service()?;
        }
        Ok(desktop)
    }

    /// What a program needs to find the sound server of a desktop that is, or
    /// will be, started in this folder.
    pub fn sound_environment(folder: &Path) -> Vec<(OsString, OsString)> {
        let mut server = OsString::from("unix:");
        server.push(sound_socket(folder));
        vec![
            ("XDG_RUNTIME_DIR".into(), folder.join("run").into()),
            ("PULSE_SERVER".into(), server),
            ("PULSE_COOKIE".into(), folder.join("pulse-cookie").into()),
        ]
    }

    /// What a program needs in its environment to live on this desktop.
    pub fn environment(&self) -> &[(OsString, OsString)] {
        &self.environment
    }

    /// A folder that is removed with the desktop.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A command that will run on this desktop.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        prepare(&mut command, &self.environment);
        command
    }

    /// Starts a program on this desktop that ends with the returned handle, or
    /// with this process, whatever happens to it.
    pub fn run(
        &self,
        program: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        configure: impl FnOnce(&mut Command),
    ) -> anyhow::Result<Running> {
        let mut command = tool("env")?; // finds a program by path or by name
        command.arg(program).args(arguments);
        prepare(&mut command, &self.environment);
        configure(&mut command);
        self.keeper.spawn(command)
    }

    /// Begins to play a WAV file into the first microphone.
    pub fn play_into_microphone(&self, wav: &Path) -> anyhow::Result<Playing> {
        let microphone = self.microphones.first().context("no microphone is plugged in")?;
        self.play_into(&microphone.spec.name, wav)
    }

    /// Begins to play a WAV file into the named microphone.
    pub fn play_into(&self, microphone: &str, wav: &Path) -> anyhow::Result<Playing> {
        self.play_to_sink(&feed_of(microphone), wav)
    }

    /// Begins to play a WAV file on the speaker.
    pub fn play_on_speaker(&self, wav: &Path) -> anyhow::Result<Playing> {
        self.play_to_sink(SPEAKER, wav)
    }

    /// Records what the speaker plays from now on.
    pub fn record_speaker(&self) -> anyhow::Result<Recording> {
        self.record(&format!("{SPEAKER}.monitor"))
    }

    /// Records what programs hear from the named microphone.
    pub fn record_microphone(&self, microphone: &str) -> anyhow::Result<Recording> {
        self.record(microphone)
    }

    /// Records what programs hear from the first microphone.
    pub fn record_first_microphone(&self) -> anyhow::Result<Recording> {
        let microphone = self.microphones.first().context("no microphone is plugged in")?;
        self.record(&microphone.spec.name)
    }

    /// From now on, until the room is dropped, what the speaker plays comes back
    /// into the first microphone: `gain_db` louder (so -6.0 is half as loud),
    /// `delay` later, and with the sound of a living room.
    pub fn echo_room(&self, gain_db: f32, delay: Duration) -> anyhow::Result<EchoRoom> {
        let microphone = self.microphones.first().context("no microphone is plugged in")?;
        let record = self.raw_sound("parec", &format!("{SPEAKER}.monitor"))?;
        let play = self.raw_sound("pacat", &feed_of(&microphone.spec.name))?;
        let room = EchoRoom::between(record, play, |command| self.keeper.spawn(command), gain_db)?;
        room.delay(delay, room::delay_now(self)?)?;
        Ok(room)
    }

    /// Unplugs every microphone.
    pub fn unplug_microphone(&mut self) -> anyhow::Result<()> {
        while let Some(microphone) = self.microphones.last() {
            let name = microphone.spec.name.clone();
            self.unplug(&name)?;
        }
        Ok(())
    }

    /// Plugs the usual microphone in (again).
    pub fn plug_microphone(&mut self) -> anyhow::Result<()> {
        self.plug(&MicrophoneSpec::default())
    }

    /// Plugs a microphone in and makes it the default.
    pub fn plug(&mut self, spec: &MicrophoneSpec) -> anyhow::Result<()> {
        self.unplug(&spec.name)?;
        let MicrophoneSpec { name, description, rate_hz, channels, format, long_periods } = spec;
        let feed = feed_of(name);
        let sink = self.pactl(&[
            "load-module",
            "module-null-sink",
            &format!("sink_name={feed}"),
            &format!("norewinds={}", u8::from(!long_periods)),
            &format!("rate={rate_hz}"),
            &format!("channels={channels}"),
            &format!("format={format}"),
            "sink_properties=device.description=\"Feed\"",
        ])?;
        // A plain monitor would look like a loudspeaker's to programs.
        let source = self.pactl(&[
            "load-module",
            "module-remap-source",
            &format!("master={feed}.monitor"),
            &format!("source_name={name}"),
            &format!("rate={rate_hz}"),
            &format!("channels={channels}"),
            &format!("format={format}"),
            "remix=no",
            &format!(
                "source_properties=device.description=\"{}\"",
                description.replace(' ', "\\ ")
            ),
        ])?;
        self.microphones
            .insert(0, PluggedMicrophone { spec: spec.clone(), modules: vec![sink, source] });
        self.make_default(name)
    }

    /// Makes this microphone the one programs get when they name none.
    pub fn make_default(&self, microphone: &str) -> anyhow::Result<()> {
        self.pactl(&["set-default-source", microphone]).map(drop)
    }

    /// Unplugs one microphone; nothing happens if it is not there.
    pub fn unplug(&mut self, microphone: &str) -> anyhow::Result<()> {
        let Some(at) = self.microphones.iter().position(|m| m.spec.name == microphone) else {
            return Ok(());
        };
        let gone = self.microphones.remove(at);
        for module in gone.modules.iter().rev() {
            self.pactl(&["unload-module", module])?;
        }
        Ok(())
    }

    /// Holds the microphone still: it stays listed, but gives no sound.
    pub fn suspend_microphone(&self, microphone: &str, suspended: bool) -> anyhow::Result<()> {
        let value = if suspended { "1" } else { "0" };
        self.pactl(&["suspend-source", microphone, value])?;
        self.pactl(&["suspend-sink", &feed_of(microphone), value]).map(drop)
    }

    /// Ends the speech service, as if it had crashed.
    pub fn stop_speech_service(&mut self) {
        self.speech = None;
    }

    /// Starts the speech service (again): Speech Dispatcher with espeak-ng, on
    /// this desktop's speaker.
    pub fn start_speech_service(&mut self) -> anyhow::Result<()> {
        self.speech = None;
        let config = self.folder.join("speech-dispatcher");
        write_speech_config(&config)?;
        let socket = self.speech_socket();
        let _ = std::fs::remove_file(&socket);
        let mut command = tool("speech-dispatcher")?;
        command
            .args(["--run-single", "--timeout", "0", "--communication-method", "unix_socket"])
            .arg("--socket-path")
            .arg(&socket)
            .arg("--config-dir")
            .arg(&config)
            .arg("--log-dir")
            .arg(config.join("log"))
            .arg("--pid-file")
            .arg(config.join("pid"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        prepare(&mut command, &self.environment);
        let mut service = self.keeper.spawn(command)?;
        wait_until("the speech service", &mut service, || socket.exists())?;
        self.speech = Some(service);
        Ok(())
    }

    /// Presses a key or chord, such as `ctrl+shift+space`, and holds it. The
    /// display repeats it while it is held, as a keyboard does.
    pub fn key_down(&self, chord: &str) -> anyhow::Result<()> {
        self.xdotool(&["keydown", "--clearmodifiers", chord]).map(drop)
    }

    /// Lets a key or chord go.
    pub fn key_up(&self, chord: &str) -> anyhow::Result<()> {
        self.xdotool(&["keyup", chord]).map(drop)
    }

    /// Gives the keyboard to the window whose title matches, without a window
    /// manager's help.
    pub fn focus_window(&self, title: &str) -> anyhow::Result<()> {
        self.xdotool(&["search", "--sync", "--onlyvisible", "--name", title, "windowfocus"])
            .map(drop)
    }

    /// Runs xdotool on this display; returns what it printed.
    pub fn xdotool(&self, arguments: &[&str]) -> anyhow::Result<String> {
        self.run_quickly("xdotool", arguments)
    }

    /// Saves the whole screen as an image; its kind follows from the name.
    pub fn screenshot(&self, path: &Path) -> anyhow::Result<()> {
        let mut command = quick_tool("import")?;
        prepare(&mut command, &self.environment);
        command.args(["-window", "root"]).arg(path);
        output_of(command).map(drop)
    }

    /// The display's name, such as `:1`.
    pub fn display(&self) -> Option<&str> {
        self.display.as_ref().map(|(_, name)| name.as_str())
    }

    /// Runs pactl on this desktop's sound server; returns what it printed.
    pub fn pactl(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let said = self.run_quickly("pactl", arguments)?;
        if arguments.first() == Some(&"load-module") {
            // It plays on a thread of its own.
            rank_sound_server(self.sound_server_id());
        }
        Ok(said)
    }

    /// The process id of the sound server.
    pub fn sound_server_id(&self) -> u32 {
        self._sound.id()
    }

    fn run_quickly(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = quick_tool(program)?;
        prepare(&mut command, &self.environment);
        command.args(arguments);
        output_of(command)
    }

    fn play_to_sink(&self, sink: &str, wav: &Path) -> anyhow::Result<Playing> {
        anyhow::ensure!(wav.is_file(), "{} is not a file", wav.display());
        let mut command = tool("paplay")?;
        prepare(&mut command, &self.environment);
        // Buffered generously, so that a busy machine tears no holes into it;
        // that does not delay its beginning.
        command.arg(format!("--device={sink}")).arg("--latency-msec=300").arg(wav);
        Ok(Playing { player: self.keeper.spawn(command)?, begun_at: Instant::now() })
    }

    fn record(&self, source: &str) -> anyhow::Result<Recording> {
        let mut command = self.raw_sound("parec", source)?;
        command.arg(format!("--latency-msec={}", PERIOD.as_millis())).stdout(Stdio::piped());
        let recorder = self.keeper.spawn(command)?;
        recorder.hurry();
        let recording = Recording::of(recorder)?;
        let deadline = Instant::now() + START_WITHIN;
        while !recording.is_settled() {
            anyhow::ensure!(Instant::now() < deadline, "nothing can be recorded from {source}");
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(recording)
    }

    /// A program that gives or takes mono float samples of this device.
    fn raw_sound(&self, program: &str, device: &str) -> anyhow::Result<Command> {
        let mut command = tool(program)?;
        prepare(&mut command, &self.environment);
        command
            .arg(format!("--device={device}"))
            .arg(format!("--rate={RECORDING_RATE_HZ}"))
            .args(["--format=float32le", "--channels=1", "--raw"]);
        Ok(command)
    }

    fn speech_socket(&self) -> PathBuf {
        self.folder.join("run/speechd.sock")
    }
}

/// A file that is being played; stops when dropped.
#[derive(Debug)]
pub struct Playing {
    player: Running,
    /// When the player was started; the sound follows some tens of
    /// milliseconds later.
    pub begun_at: Instant,
}

impl Playing {
    /// Waits for the end.
    pub fn wait(mut self) -> anyhow::Result<()> {
        let status = self.player.wait()?;
        anyhow::ensure!(status.success(), "the player failed ({status})");
        Ok(())
    }
}

fn sound_socket(folder: &Path) -> PathBuf {
    folder.join("run/pulse.sock")
}

fn feed_of(microphone: &str) -> String {
    format!("{microphone}_feed")
}

/// Sets the desktop's environment and keeps the person's own out of sight.
fn prepare(command: &mut Command, environment: &[(OsString, OsString)]) {
    for foreign in
        ["WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY", "PIPEWIRE_REMOTE", "PULSE_RUNTIME_PATH"]
    {
        command.env_remove(foreign);
    }
    command.envs(environment.iter().map(|(key, value)| (key, value)));
}

fn start_display(
    keeper: &Keeper,
    (width, height): (u32, u32),
) -> anyhow::Result<(Running, String)> {
    let mut command = tool("Xvfb")?;
    command
        .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0"])
        .arg(format!("{width}x{height}x24"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut server = keeper.spawn(command)?;
    let number = first_line("the display", &mut server)?;
    Ok((server, format!(":{number}")))
}

fn start_bus(keeper: &Keeper, runtime_dir: &Path) -> anyhow::Result<(Running, String)> {
    let mut command = tool("dbus-daemon")?;
    command
        .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
        .arg(format!("--address=unix:path={}", runtime_dir.join("bus").display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut bus = keeper.spawn(command)?;
    let address = first_line("the session bus", &mut bus)?;
    Ok((bus, address))
}

/// A null sink counts whole microseconds for each piece that it plays, and pieces of
/// a voice in another rate are short and odd: at 44.1 kHz it ran 0.04% too fast as long as
/// the speech service spoke, and the room's echo jumped. A frame of 50 kHz lasts 20 µs.
/// As the server's own rate, no program's wish replaces it.
const SOUND_SERVER_SETTINGS: &str = "default-sample-rate = 50000\nalternate-sample-rate = 50000\n";

fn start_sound(
    keeper: &Keeper,
    folder: &Path,
    environment: &[(OsString, OsString)],
) -> anyhow::Result<Running> {
    let settings = folder.join("sound-server.conf");
    std::fs::write(&settings, SOUND_SERVER_SETTINGS)?;
    let mut command = tool("pulseaudio")?;
    prepare(&mut command, environment);
    command
        .args(["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"])
        .args(["--disable-shm=yes", "--realtime=no", "--log-target=stderr", "--log-level=error"])
        .arg("-L")
        .arg(format!(
            "module-native-protocol-unix auth-anonymous=1 socket={}",
            sound_socket(folder).display()
        ))
        // Without rewinds the sink never renders more than 50 ms ahead.
        .arg("-L")
        .arg(format!(
            "module-null-sink sink_name={SPEAKER} channels=2 norewinds=1 \
             sink_properties=device.description=\"Speaker\""
        ))
        .env("HOME", folder)
        .env("PULSE_CONFIG", settings)
        // A keychain that a session of this bus would start asks its owner for
        // a password, and nobody is there.
        .env("SAMANTHA_NO_KEYCHAIN", "1")
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .stderr(Stdio::null());
    let mut server = keeper.spawn(command)?;
    wait_until("the sound server", &mut server, || {
        quick_tool("pactl").is_ok_and(|mut pactl| {
            prepare(&mut pactl, environment);
            pactl.arg("info");
            output_of(pactl).is_ok()
        })
    })?;
    Ok(server)
}

/// A configuration of its own: espeak-ng alone, through the desktop's sound
/// server.
fn write_speech_config(dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir.join("modules"))?;
    std::fs::create_dir_all(dir.join("log"))?;
    std::fs::write(
        dir.join("speechd.conf"),
        "LogLevel 1\n\
         AudioOutputMethod \"pulse\"\n\
         AudioPulseMinLength 10\n\
         DefaultVolume 100\n\
         DefaultLanguage \"en-US\"\n\
         AddModule \"espeak-ng\" \"sd_espeak-ng\" \"espeak-ng.conf\"\n\
         DefaultModule espeak-ng\n",
    )?;
    let own = dir.join("modules/espeak-ng.conf");
    let system = Path::new("/etc/speech-dispatcher/modules/espeak-ng.conf");
    if system.exists() {
        std::fs::copy(system, own)?;
        Ok(())
    } else {
        Err(anyhow!(
            "the espeak-ng module is missing: install it with \
             `sudo apt-get install speech-dispatcher-espeak-ng`"
        ))
    }
}

fn first_line(what: &str, server: &mut Running) -> anyhow::Result<String> {
    let pipe = server.take_stdout()?;
    let (sender, receiver) = std::sync::mpsc::channel();
    // Reads to the end, so that the server never blocks on a full pipe.
    std::thread::Builder::new().name("server output".into()).spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    })?;
    receiver
        .recv_timeout(START_WITHIN)
        .map(|line| line.trim().to_owned())
        .map_err(|_| anyhow!("{what} did not start within {START_WITHIN:?}"))
}

fn wait_until(
    what: &str,
    server: &mut Running,
    mut is_ready: impl FnMut() -> bool,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + START_WITHIN;
    while !is_ready() {
        server.check_alive()?;
        anyhow::ensure!(Instant::now() < deadline, "{what} did not answer within {START_WITHIN:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
