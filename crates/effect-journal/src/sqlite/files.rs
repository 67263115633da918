//! The folder: who has it, and what lies in it.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use crate::{Error, ErrorKind};

pub(super) const DATABASE: &str = "journal.sqlite";
const LOCK: &str = "journal.lock";

/// Takes the folder for this process, until the file is dropped.
pub(super) fn lock(folder: &Path) -> Result<File, Error> {
    let unavailable = |error| Error::with_source(ErrorKind::Unavailable, error);
    fs::create_dir_all(folder).map_err(unavailable)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK))
        .map_err(unavailable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ErrorKind::InUse.into()),
        Err(TryLockError::Error(error)) => Err(unavailable(error)),
    }
}
