//! The folder of results: what may be replaced in it, and putting new results in its place.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::StudyError;
use crate::files::{FileError, at, create_private_folder};

/// Checks, before any work is done, that nothing in `out` is foreign: all that is there must be
/// folders that codrive wrote. Hidden files are left alone.
///
/// # Errors
/// It is a file, or holds something that codrive did not write.
pub fn check(out: &Path) -> Result<(), StudyError> {
    let taken = |path: &Path, why| {
        Err(StudyError::OutTaken {
            path: path.to_owned(),
            why,
        })
    };
    if fs::symlink_metadata(out).is_err() {
        return Ok(());
    }
    if !out.is_dir() {
        return taken(
            out,
            "is in the way: a file, where a folder for the results is to be",
        );
    }
    for path in visible(out)? {
        if !written_by_codrive(&path) {
            return taken(&path, "is in the way: codrive did not write it");
        }
    }
    Ok(())
}

/// Puts the staged folders into `out`, in the place of everything that codrive wrote there before.
///
/// # Errors
/// As [`check`]; a rename fails.
pub fn publish(staged: &Path, out: &Path, folders: &[String]) -> Result<(), StudyError> {
    check(out)?;
    create_private_folder(out)?;
    let old = staged.join("old");
    create_private_folder(&old)?;
    for path in visible(out)? {
        fs::rename(&path, old.join(path.file_name().unwrap_or_default())).map_err(at(&path))?;
    }
    for folder in folders {
        let target = out.join(folder);
        fs::rename(staged.join(folder), &target).map_err(at(&target))?;
    }
    Ok(fs::remove_dir_all(staged).map_err(at(staged))?)
}

/// What is in a folder, sorted, without hidden files.
fn visible(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let entry = entry.map_err(at(folder))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether a folder holds a `manifest.json` of codrive's.
fn written_by_codrive(folder: &Path) -> bool {
    let text = fs::read_to_string(folder.join("manifest.json")).unwrap_or_default();
    let manifest = serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default();
    manifest.get("codrive").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::write_whole;

    fn scratch(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("codrive-out-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        create_private_folder(&path).unwrap();
        path
    }

    #[test]
    fn what_codrive_wrote_is_replaced_and_nothing_of_it_stays() {
        let dir = scratch("own");
        let (staged, out) = (dir.join("staged"), dir.join("out"));
        for old in ["bmw", "left-the-programme"] {
            create_private_folder(&out.join(old)).unwrap();
            write_whole(
                &out.join(old).join("manifest.json"),
                b"{\"codrive\": \"0.1.0\"}",
            )
            .unwrap();
        }
        create_private_folder(&staged.join("bmw")).unwrap();
        publish(&staged, &out, &["bmw".to_owned()]).unwrap();
        assert_eq!(visible(&out).unwrap(), [out.join("bmw")]);
        assert_eq!(visible(&out.join("bmw")).unwrap(), [] as [PathBuf; 0]);
        assert!(!staged.exists());
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn foreign_things_are_not_touched() {
        let dir = scratch("foreign");
        let (staged, out) = (dir.join("staged"), dir.join("out"));
        create_private_folder(&staged.join("bmw")).unwrap();
        create_private_folder(&out.join("bmw")).unwrap();
        write_whole(&out.join("bmw/manifest.json"), b"{\"name\": \"web page\"}").unwrap();
        assert!(matches!(
            publish(&staged, &out, &["bmw".to_owned()]),
            Err(StudyError::OutTaken { .. })
        ));
        assert!(out.join("bmw/manifest.json").is_file());
        assert!(check(&out.join("bmw/manifest.json")).is_err());
        assert!(check(&out.join("not-there")).is_ok());
        fs::remove_dir_all(dir).unwrap();
    }
}
