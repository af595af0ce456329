# Sourced by the scripts beside it: what they need of the system, and where
# things are built. Not to be run by itself.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }

# Compiled crates live outside the checkout, so that a fresh clone does not
# compile whisper.cpp and llama.cpp again.
cache="${XDG_CACHE_HOME:-$HOME/.cache}/samantha"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$cache/target}"
bin="$CARGO_TARGET_DIR/release"

# To compile: whisper.cpp and llama.cpp want a C++ compiler, cmake and clang's
# headers; cpal ALSA; tts Speech Dispatcher.
build_packages="build-essential cmake clang libclang-dev pkg-config libasound2-dev libspeechd-dev"
# To run: a voice, a way to fetch weights, and what a window loads at start.
run_packages="speech-dispatcher speech-dispatcher-espeak-ng python3-pip ca-certificates \
libgl1 libegl1 libgl1-mesa-dri libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon0 \
libxkbcommon-x11-0 libwayland-client0"
# For the virtual desktop of demonstrations and tests.
desktop_packages="xvfb xdotool x11-utils imagemagick dbus pulseaudio pulseaudio-utils flite \
at-spi2-core"

# Installs the Debian packages that are missing, after naming them.
need_packages() {
    if ! command -v apt-get >/dev/null; then
        say "This system has no apt-get. Please make sure that it has the equivalents of: $*"
        return 0
    fi
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    say "These system packages are needed and will be installed now: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "Please install them as root, then run this again: apt-get install ${missing[*]}"
            exit 1
        fi
        as_root=(sudo)
    fi
    # Never at the price of a package that is there: a desktop's PipeWire, say.
    if ! { "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
            --no-install-recommends --no-remove "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        say "The packages could not be installed; all of it is in $log."
        exit 1
    fi
}

need_rust() {
    [ -x "$HOME/.cargo/bin/cargo" ] && PATH="$HOME/.cargo/bin:$PATH"
    if ! command -v cargo >/dev/null; then
        say "Rust is missing. Install it as https://www.rust-lang.org/tools/install says, then run this again."
        exit 1
    fi
    local have want
    have=$(rustc --version | cut -d' ' -f2)
    want=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
    if [ "$(printf '%s\n' "$want" "$have" | sort -V | head -n 1)" != "$want" ]; then
        say "Rust $want or newer is needed, and this is $have. Update it with: rustup update"
        exit 1
    fi
}

mkdir -p "$cache"
log="$cache/setup.log"
