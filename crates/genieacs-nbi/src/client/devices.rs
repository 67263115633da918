//! `/devices`.

use bytes::Bytes;
use http::Method;
use integration_core::ApiPath;

use super::{Client, List, accepted, named_path};
use crate::device::Device;
use crate::error::Error;
use crate::id::{DeviceId, check_name};
use crate::query::{Collection, Projection, Query};

/// The devices of a server.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # use genieacs_nbi::{Client, Credentials, Query, testing::FakeNbi};
/// # let fake = FakeNbi::start().await?;
/// fake.seed(serde_json::json!({"_id": "A-1", "_tags": ["fibre"]}));
/// let devices = Client::new(fake.url(), Credentials::None)?.devices();
/// assert_eq!(devices.list().query(Query::tag("fibre")).count().await?, 1);
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Devices {
    client: Client,
}

impl Devices {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Lists devices: `GET /devices`. A whole device may be 1 MB; ask for a projection.
    pub fn list(&self) -> List<Device> {
        List::new(self.client.clone(), Collection::Devices)
    }

    /// One device, whole. `None` when there is none of this id (there is no `GET` of one item; this
    /// asks by query).
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use genieacs_nbi::{Client, Credentials, DeviceId, testing::FakeNbi};
    /// let fake = FakeNbi::start().await?;
    /// fake.seed(serde_json::json!({"_id": "C0B101-ZXHN%20H199A-1"}));
    /// let devices = Client::new(fake.url(), Credentials::None)?.devices();
    ///
    /// let id = DeviceId::from_parts("C0B101", "ZXHN H199A", "1");
    /// assert!(devices.get(&id).await?.is_some());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn get(&self, id: &DeviceId) -> Result<Option<Device>, Error> {
        self.list().query(Query::device(id)).one().await
    }

    /// Some fields of one device.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get_fields(
        &self,
        id: &DeviceId,
        fields: Projection,
    ) -> Result<Option<Device>, Error> {
        self.list()
            .query(Query::device(id))
            .projection(fields)
            .one()
            .await
    }

    /// One device as the bytes of its JSON document, for a reader of one's own.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::TruncatedList`] when it did not come whole.
    pub async fn get_raw(&self, id: &DeviceId) -> Result<Option<Bytes>, Error> {
        self.list().query(Query::device(id)).one_raw().await
    }

    /// The devices of a serial number, with the fields asked for: none, one, or one per maker.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use genieacs_nbi::{Client, Credentials, Projection, testing::FakeNbi};
    /// # let fake = FakeNbi::start().await?;
    /// fake.seed(serde_json::json!({"_id": "A-1", "_deviceId": {"_SerialNumber": "1"}}));
    /// # let client = Client::new(fake.url(), Credentials::None)?;
    /// let found = client.devices().by_serial("1", Projection::identity()).await?;
    /// assert_eq!(found.len(), 1);
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn by_serial(&self, serial: &str, fields: Projection) -> Result<Vec<Device>, Error> {
        let list = self.list().query(Query::serial(serial)).projection(fields);
        Ok(list.limit(100).send().await?.items)
    }

    /// Deletes a device with its tasks and faults. Also succeeds when there is none.
    ///
    /// # Errors
    /// [`Error::DeviceInSession`] while it is in a session. See [`Error`].
    pub async fn delete(&self, id: &DeviceId) -> Result<(), Error> {
        let path = named_path("devices", id.as_str())?;
        let response = self.client.request(Method::DELETE, path).send().await?;
        accepted(response, "device").map(drop)
    }

    /// Puts a tag on a device. It may hold any text; as a parameter it is `Tags.<text>` with other
    /// characters as `0xHH`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such device. See [`Error`].
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use genieacs_nbi::{Client, Credentials, DeviceId, testing::FakeNbi};
    /// # let fake = FakeNbi::start().await?;
    /// # fake.seed(serde_json::json!({"_id": "A-1"}));
    /// # let devices = Client::new(fake.url(), Credentials::None)?.devices();
    /// let id = DeviceId::new("A-1")?;
    /// devices.add_tag(&id, "v1.2").await?;
    /// let device = devices.get(&id).await?.ok_or("gone")?;
    /// assert_eq!(device.tags().next(), Some("v1.2"));
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn add_tag(&self, id: &DeviceId, tag: &str) -> Result<(), Error> {
        self.tag(Method::POST, id, tag).await
    }

    /// Takes a tag off a device. Also succeeds when it has none such.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such device. See [`Error`].
    pub async fn remove_tag(&self, id: &DeviceId, tag: &str) -> Result<(), Error> {
        self.tag(Method::DELETE, id, tag).await
    }

    async fn tag(&self, method: Method, id: &DeviceId, tag: &str) -> Result<(), Error> {
        check_name("tag", tag)?;
        let path = device_path(id)?
            .literal("tags")
            .segment_strict(tag)
            .map_err(|_| Error::invalid("tag", "cannot be addressed"))?;
        let response = self
            .client
            .request(method, path)
            // Putting the same tag twice is putting it once.
            .idempotent(true)
            .send()
            .await?;
        accepted(response, "device").map(drop)
    }
}

/// `devices/{id}`.
pub(super) fn device_path(id: &DeviceId) -> Result<ApiPath, Error> {
    named_path("devices", id.as_str())
}
