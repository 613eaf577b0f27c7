//! Finished sections on disk, found again by the hash of everything that went into them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::files::{FileError, create_private_folder, write_whole};

/// Hexadecimal SHA-256 of some parts, each with its length, so that no two lists of parts collide.
#[must_use]
pub fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A folder of results by key; each file begins with the hash of its body.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    read: bool,
}

/// What the cache holds under a key.
#[derive(Debug)]
pub enum Found<T> {
    /// A whole result.
    Whole(T),
    /// Nothing.
    Nothing,
    /// A file whose hash or form is wrong; it will be computed again.
    Damaged(PathBuf),
}

impl Cache {
    /// Opens (and creates) the folder; with `fresh`, nothing in it is used, only replaced.
    ///
    /// # Errors
    /// The folder cannot be created.
    pub fn open(folder: &Path, fresh: bool) -> Result<Self, FileError> {
        create_private_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            read: !fresh,
        })
    }

    /// Looks a key up.
    #[must_use]
    pub fn find<T: DeserializeOwned>(&self, kind: &str, key: &str) -> Found<T> {
        let path = self.path(kind, key);
        if !self.read || !path.exists() {
            return Found::Nothing;
        }
        match read_checked(&path) {
            Some(value) => Found::Whole(value),
            None => Found::Damaged(path),
        }
    }

    /// Keeps a result under a key.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep<T: Serialize>(&self, kind: &str, key: &str, value: &T) -> Result<(), FileError> {
        let path = self.path(kind, key);
        let body = serde_json::to_vec(value).map_err(|error| FileError {
            path: path.clone(),
            error: error.into(),
        })?;
        let mut bytes = hash(&[&body]).into_bytes();
        bytes.push(b'\n');
        bytes.extend_from_slice(&body);
        write_whole(&path, &bytes)
    }

    fn path(&self, kind: &str, key: &str) -> PathBuf {
        self.folder.join(format!("{kind}-{key}.json"))
    }
}

fn read_checked<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, body) = (&bytes[..end], &bytes[end + 1..]);
    if head != hash(&[body]).as_bytes() {
        return None;
    }
    serde_json::from_slice(body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_found_by_its_hash() {
        let dir = std::env::temp_dir().join(format!("codrive-cache-{}", std::process::id()));
        let cache = Cache::open(&dir, false).unwrap();
        cache.keep("section", "k", &vec![1.5_f64, -0.1]).unwrap();
        assert!(
            matches!(cache.find::<Vec<f64>>("section", "k"), Found::Whole(v) if v == [1.5, -0.1])
        );
        let path = dir.join("section-k.json");
        let whole = fs::read(&path).unwrap();
        for damage in [
            whole[..whole.len() - 2].to_vec(),
            [&whole[..], b" "].concat(),
            Vec::new(),
        ] {
            fs::write(&path, damage).unwrap();
            assert!(matches!(
                cache.find::<Vec<f64>>("section", "k"),
                Found::Damaged(_)
            ));
        }
        assert!(matches!(
            Cache::open(&dir, true)
                .unwrap()
                .find::<Vec<f64>>("section", "k"),
            Found::Nothing
        ));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }
}
