//! What the socket is called on each system.

#[cfg(unix)]
pub(super) use unix::*;
#[cfg(windows)]
pub(super) use windows::*;

#[cfg(unix)]
mod unix {
    use crate::control::StartError;
    use interprocess::local_socket::{GenericFilePath, Name, ToFsName as _};
    use std::io::{Error, ErrorKind};
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    /// `sun_path` without its closing zero.
    const PATH_BYTES_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

    /// The socket is a file.
    pub(in crate::control) fn name(socket: &Path) -> Result<Name<'_>, StartError> {
        if socket.as_os_str().as_bytes().len() > PATH_BYTES_MAX {
            return Err(StartError::PathTooLong { path: socket.to_owned(), max: PATH_BYTES_MAX });
        }
        socket
            .to_fs_name::<GenericFilePath>()
            .map_err(|source| StartError::Io { path: socket.to_owned(), source })
    }

    /// Removes what a killed app left behind, and nothing but a socket.
    pub(in crate::control) fn remove_stale(socket: &Path) -> std::io::Result<()> {
        use std::os::unix::fs::FileTypeExt as _;
        match std::fs::symlink_metadata(socket) {
            Ok(found) if found.file_type().is_socket() => std::fs::remove_file(socket),
            Ok(_) => Err(Error::new(ErrorKind::AlreadyExists, "something else is there")),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Its folder, made before it, lets in nobody else either.
    pub(in crate::control) fn close_to_others(socket: &Path) -> std::io::Result<()> {
        std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o600))
    }
}

#[cfg(windows)]
mod windows {
    use crate::control::StartError;
    use interprocess::local_socket::{GenericNamespaced, Name, ToNsName as _};
    use sha2::{Digest as _, Sha256};
    use std::path::Path;

    /// A named pipe, one for each folder of data. The system lets only its
    /// creator write to it.
    pub(in crate::control) fn name(socket: &Path) -> Result<Name<'static>, StartError> {
        let digest = Sha256::digest(socket.as_os_str().as_encoded_bytes());
        let tag: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("samantha-{tag}")
            .to_ns_name::<GenericNamespaced>()
            .map_err(|source| StartError::Io { path: socket.to_owned(), source })
    }

    /// A pipe ends with its process.
    pub(in crate::control) fn remove_stale(_socket: &Path) -> std::io::Result<()> {
        Ok(())
    }

    pub(in crate::control) fn close_to_others(_socket: &Path) -> std::io::Result<()> {
        Ok(())
    }
}
