//! `/faults`.

use http::Method;

use super::{Client, List, accepted, named_path};
use crate::error::Error;
use crate::fault::Fault;
use crate::id::{DeviceId, FaultId};
use crate::query::{Collection, Query};

/// The faults of a server.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # use genieacs_nbi::{Client, Credentials, DeviceId, testing::FakeNbi};
/// # let fake = FakeNbi::start().await?;
/// let faults = Client::new(fake.url(), Credentials::None)?.faults();
/// assert!(faults.of_device(&DeviceId::new("A-1")?).await?.is_empty());
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Faults {
    client: Client,
}

impl Faults {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Lists faults: `GET /faults`.
    pub fn list(&self) -> List<Fault> {
        List::new(self.client.clone(), Collection::Faults)
    }

    /// One fault.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get(&self, id: &FaultId) -> Result<Option<Fault>, Error> {
        self.list().query(Query::fault(id)).one().await
    }

    /// The faults of a device.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn of_device(&self, device: &DeviceId) -> Result<Vec<Fault>, Error> {
        Ok(self
            .list()
            .query(Query::of_device(device))
            .send()
            .await?
            .items)
    }

    /// Deletes a fault, and the task when it is one of a task. Also succeeds when there is none.
    ///
    /// # Errors
    /// [`Error::DeviceInSession`] while the device is in a session. See [`Error`].
    pub async fn delete(&self, id: &FaultId) -> Result<(), Error> {
        let path = named_path("faults", id.as_str())?;
        let response = self.client.request(Method::DELETE, path).send().await?;
        accepted(response, "fault").map(drop)
    }
}
