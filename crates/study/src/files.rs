//! Writing files so that there is never half a file, readable by their owner only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::StudyError;

/// A file or folder that could not be written or read, and why.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
pub struct FileError {
    /// Where.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// Attaches a path to an I/O error.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> FileError + '_ {
    move |error| FileError {
        path: path.to_owned(),
        error,
    }
}

/// Creates a folder and its parents, for its owner only.
///
/// # Errors
/// The folder cannot be created.
pub fn create_private_folder(path: &Path) -> Result<(), FileError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(at(path))
}

/// Writes a file under a temporary name beside it, syncs it, and renames it into place.
///
/// # Errors
/// The file cannot be written; what was there before is untouched.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = PathBuf::from(partial);
    let written = write_synced(&partial, bytes).and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written.map_err(at(path))
}

/// Writes files that do not replace anything, unless `force`: a file that is there with other
/// bytes stops it before the first is written.
///
/// # Errors
/// A file is there already, or cannot be written.
pub fn write_new(files: &[(PathBuf, String)], force: bool) -> Result<(), StudyError> {
    let taken = |(path, text): &&(PathBuf, String)| {
        path.symlink_metadata().is_ok() && fs::read(path).ok().as_deref() != Some(text.as_bytes())
    };
    if let Some((path, _)) = files.iter().find(taken).filter(|_| !force) {
        return Err(StudyError::FileTaken(path.clone()));
    }
    for (path, text) in files {
        write_whole(path, text.as_bytes())?;
    }
    Ok(())
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let path =
            std::env::temp_dir().join(format!("codrive-files-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        create_private_folder(&path).unwrap();
        path
    }

    #[test]
    fn new_files_replace_nothing_unless_told_to() {
        let dir = scratch("new");
        let files = ["a.toml", "b.toml"].map(|name| (dir.join(name), name.to_owned()));
        fs::write(&files[1].0, "mine").unwrap();
        let error = write_new(&files, false).unwrap_err();
        assert!(error.to_string().contains("b.toml") && error.hint().unwrap().contains("--force"));
        assert!(!files[0].0.exists() && fs::read(&files[1].0).unwrap() == b"mine");
        write_new(&files, true).unwrap();
        // The same bytes are no reason to stop.
        write_new(&files, false).unwrap();
        assert_eq!(fs::read(&files[1].0).unwrap(), b"b.toml");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_file_is_replaced_whole_and_private() {
        let dir = scratch("whole");
        let file = dir.join("a.json");
        write_whole(&file, b"one").unwrap();
        write_whole(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        fs::remove_dir_all(dir).unwrap();
    }
}
