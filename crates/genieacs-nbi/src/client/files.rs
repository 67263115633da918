//! `/files`.

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt as _;
use http::{HeaderName, Method};
use integration_core::RequestBuilder;
use integration_core::transport::{TransportError, TransportErrorKind};

use super::{Client, List, accepted, named_path};
use crate::error::Error;
use crate::query::{Collection, Query};
use crate::resource::{FileLabels, FileMeta, checked_name};

/// The files of a server: what CPEs download. The interface stores and lists them; the file
/// service (port 7567) hands their contents out.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use genieacs_nbi::{Client, Credentials, FileLabels, testing::FakeNbi};
///
/// let fake = FakeNbi::start().await?;
/// let files = Client::new(fake.url(), Credentials::None)?.files();
/// let labels = FileLabels::firmware().oui("1C61B4").version("1.2");
/// files.upload("xx230v-1.2.bin", &labels, "firmware").await?;
/// let file = files.get("xx230v-1.2.bin").await?.ok_or("not there")?;
/// assert_eq!(file.length, 8);
/// assert_eq!(file.metadata, labels);
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
}

impl Files {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Lists what is known of the files: `GET /files`.
    pub fn list(&self) -> List<FileMeta> {
        List::new(self.client.clone(), Collection::Files)
    }

    /// What is known of one file.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get(&self, name: &str) -> Result<Option<FileMeta>, Error> {
        let name = checked_name("file name", name)?;
        let query = Query::raw(serde_json::json!({"_id": name}));
        self.list().query(query).one().await
    }

    fn put(&self, name: &str, labels: &FileLabels) -> Result<RequestBuilder, Error> {
        labels.validate()?;
        let name = checked_name("file name", name)?;
        let mut request = self
            .client
            .request(Method::PUT, named_path("files", name)?)
            .timeout(self.client.limits.upload);
        for (header, label) in labels.headers() {
            request = request.header(HeaderName::from_static(header), label);
        }
        Ok(request)
    }

    /// Stores a file under a name. What was there is deleted first: between the two, and after a
    /// failure, there is none.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a label no header can carry. See [`Error`].
    pub async fn upload(
        &self,
        name: &str,
        labels: &FileLabels,
        contents: impl Into<Bytes>,
    ) -> Result<(), Error> {
        let request = self.put(name, labels)?.body(contents);
        accepted(request.send().await?, "file name").map(drop)
    }

    /// Stores a file under a name as it is read, without holding it in memory. Not repeated on
    /// failure.
    ///
    /// # Errors
    /// As [`upload`](Self::upload); an error of the stream ends the call.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use genieacs_nbi::{Client, Credentials, FileLabels, testing::FakeNbi};
    /// use futures_util::stream;
    ///
    /// # let fake = FakeNbi::start().await?;
    /// # let files = Client::new(fake.url(), Credentials::None)?.files();
    /// let pieces = stream::iter([Ok::<_, std::io::Error>("firm".into()), Ok("ware".into())]);
    /// files.upload_stream("x.bin", &FileLabels::firmware(), pieces).await?;
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    pub async fn upload_stream<S, E>(
        &self,
        name: &str,
        labels: &FileLabels,
        contents: S,
    ) -> Result<(), Error>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let pieces = contents.map(|piece| {
            piece.map_err(|error| TransportError::with_source(TransportErrorKind::Request, error))
        });
        let request = self.put(name, labels)?.body_stream(Box::pin(pieces));
        accepted(request.send().await?, "file name").map(drop)
    }

    /// Deletes a file.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none: the server would crash, so it is looked up first. See
    /// [`Error`].
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        if self.get(name).await?.is_none() {
            return Err(Error::NotFound { what: "file" });
        }
        let response = self
            .client
            .request(Method::DELETE, named_path("files", name)?)
            // A second attempt after a lost answer would be the one that crashes.
            .idempotent(false)
            .send()
            .await?;
        accepted(response, "file").map(drop)
    }
}
