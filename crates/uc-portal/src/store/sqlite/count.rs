//! How many applications there are, for those who look from outside.

use std::path::Path;

use uc_model::ServiceId;

use super::{OpenError, natural, open};
use crate::{data_dir::DataKey, store::ApplicationCount};

/// Counts the applications for a public service, or all, in a database that another process may be using.
pub fn count_applications(
    path: &Path,
    key: &DataKey,
    service: Option<&ServiceId>,
) -> Result<ApplicationCount, OpenError> {
    let db = open::bystander(path, key)?;
    let (applications, submissions) = db.query_row(
        "SELECT count(DISTINCT a.id), count(s.number)
         FROM application a JOIN submission s ON s.application = a.id
         WHERE ?1 IS NULL OR a.service = ?1",
        [service.map(ServiceId::as_str)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(ApplicationCount {
        applications: natural(applications),
        submissions: natural(submissions),
    })
}
