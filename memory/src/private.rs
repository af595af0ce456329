//! Files and folders that only their owner can read.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Makes a folder and those above it, the last one open to its owner alone.
pub fn create_dir(dir: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Opens a file for writing at its end; a new one is its owner's alone from
/// the first moment.
pub fn open(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Puts `content` in place of the file, wholly or not at all; the folder
/// becomes its owner's alone.
pub fn replace(file: &Path, content: &[u8]) -> std::io::Result<()> {
    create_dir(file.parent().unwrap_or(Path::new(".")))?;
    write(file, content)
}

/// Puts `content` in place of the file, wholly or not at all, in a folder that
/// is there and stays as it is.
pub fn write(file: &Path, content: &[u8]) -> std::io::Result<()> {
    let dir = file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let fresh = file.with_file_name(name);
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut out = open(&fresh)?;
    out.write_all(content)?;
    out.sync_all()?;
    std::fs::rename(&fresh, file)?;
    File::open(dir)?.sync_all()
}

/// Overwrites a file before it is removed, as far as a file system lets one.
pub fn shred(file: &Path) -> std::io::Result<()> {
    let length = std::fs::metadata(file)?.len();
    let mut out = OpenOptions::new().write(true).open(file)?;
    let zeros = [0; 64 * 1024];
    let mut left = length;
    while left > 0 {
        let n = left.min(zeros.len() as u64);
        out.write_all(&zeros[..n as usize])?;
        left -= n;
    }
    out.sync_all()?;
    std::fs::remove_file(file)
}
