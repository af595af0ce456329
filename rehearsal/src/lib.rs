//! A virtual desktop for rehearsals: a display, a session bus, a sound server
//! with a microphone and a speaker that exist only as software, and a speech
//! service. The real app runs on it unchanged.
//!
//! Demonstrations, tests and measurements use it; the app itself never links
//! it. Nothing of the person's own desktop is touched: every server gets its
//! own socket, runtime folder and configuration, and the kernel ends all of
//! them when this process ends, however it ends.

pub mod app;
mod bus;
mod chance;
pub mod demo;
mod desktop;
mod events;
mod figures;
pub mod flow;
pub mod home;
pub mod latency;
mod noises;
mod own_process;
mod processes;
mod room;
mod sound;
pub mod window;
mod witness;

pub use bus::PrivateBus;
pub use desktop::{Desktop, MicrophoneSpec, Options, Playing};
pub use events::{Event, Events};
pub use figures::slowness;
pub use own_process::own_desktop;
pub use room::EchoRoom;
pub use sound::{Recording, Sound, Speech, say_to_wav, write_tone};
pub use witness::{undisturbed, watched};
