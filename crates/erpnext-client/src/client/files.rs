//! Files of the site: sent, read, attached, deleted.

mod download;
mod multipart;
mod upload;

use http::Method;
use integration_core::ApiPath;
use serde::{Deserialize, Deserializer};
use serde_json::json;

pub use download::Download;
pub use upload::Upload;

use super::Client;
use super::send::{Call, Envelope, Repeat};
use crate::{Changes, DocName, Error, Filter, value};

/// A file as the site keeps it: a document of the doctype File.
///
/// # Examples
/// ```
/// use erpnext_client::File;
///
/// let file: File = serde_json::from_str(
///     r#"{"name": "9c1f", "file_name": "plan.pdf", "file_url": "/private/files/plan.pdf", "is_private": 1}"#,
/// )?;
/// assert!(file.is_private);
/// assert_eq!(file.file_url.as_deref(), Some("/private/files/plan.pdf"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct File {
    /// Name of the document.
    pub name: DocName,
    /// Name of the file; the site makes it another one when it is taken.
    #[serde(default)]
    pub file_name: Option<String>,
    /// Where it is: `/files/…`, `/private/files/…`, or an address elsewhere.
    #[serde(default)]
    pub file_url: Option<String>,
    /// Only for users who may read what it is attached to.
    #[serde(default, deserialize_with = "flag")]
    pub is_private: bool,
    /// Size in bytes.
    #[serde(default, deserialize_with = "number")]
    pub file_size: Option<u64>,
    /// MD5 of the content, in hexadecimal.
    #[serde(default)]
    pub content_hash: Option<String>,
    /// Folder: `Home/Attachments`.
    #[serde(default)]
    pub folder: Option<String>,
    /// Doctype of the document it is attached to.
    #[serde(default)]
    pub attached_to_doctype: Option<String>,
    /// Name of that document.
    #[serde(default)]
    pub attached_to_name: Option<DocName>,
    /// Field of that document.
    #[serde(default)]
    pub attached_to_field: Option<String>,
}

fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(<bool as value::Field>::read(deserializer)?.unwrap_or_default())
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    <u64 as value::Field>::read(deserializer)
}

/// Columns of a list of files.
const COLUMNS: [&str; 10] = [
    "name",
    "file_name",
    "file_url",
    "is_private",
    "file_size",
    "content_hash",
    "folder",
    "attached_to_doctype",
    "attached_to_name",
    "attached_to_field",
];

/// The files of a site; of [`Client::files`].
#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
}

impl Client {
    /// The files of the site. Large ones take time: see [`with_timeout`](Self::with_timeout).
    #[must_use]
    pub fn files(&self) -> Files {
        Files {
            client: self.clone(),
        }
    }
}

impl Files {
    /// A file by the name of its document.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::is_not_found`] when there is none.
    pub async fn get(&self, name: &DocName) -> Result<File, Error> {
        let call = Call {
            what: "a file",
            method: Method::GET,
            path: ApiPath::new("api/resource/File").segment(name.as_str())?,
            query: Vec::new(),
            body: None,
            repeat: Repeat::Safe,
            envelope: Envelope::Data,
        };
        self.client.call(call).await
    }

    /// The files attached to a document.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let job = DocName::new("DJ-00001")?;
    /// for photo in client.files().attached_to("Dispatch Job", &job).await? {
    ///     println!("{:?}", photo.file_name);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn attached_to(&self, doctype: &str, name: &DocName) -> Result<Vec<File>, Error> {
        self.client
            .documents("File")
            .list()
            .filter(Filter::eq("attached_to_doctype", doctype))
            .filter(Filter::eq("attached_to_name", name))
            .select(COLUMNS)
            .all()
            .await
    }

    /// Attaches a file that is there to a document.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let (file, job) = (DocName::new("9c1f2a3b4d")?, DocName::new("DJ-00001")?);
    /// client.files().attach(&file, "Dispatch Job", &job).await?;
    /// # Ok(()) }
    /// ```
    pub async fn attach(
        &self,
        file: &DocName,
        doctype: &str,
        name: &DocName,
    ) -> Result<File, Error> {
        let changes = Changes::new()
            .set("attached_to_doctype", doctype)
            .set("attached_to_name", name.as_str());
        let documents = self.client.documents("File").checked(false);
        let saved = documents.patch(file, &changes).await?;
        serde_json::from_value(json!(saved)).map_err(|error: serde_json::Error| Error::Decode {
            what: "a file",
            source: Some(error.into()),
        })
    }

    /// Deletes a file and, when no other document has it, its content; `false` when there was
    /// none.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn delete(&self, file: &DocName) -> Result<bool, Error> {
        self.client.documents("File").delete(file).await
    }

    /// Begins to send a file.
    ///
    /// Private unless said otherwise. Not sent again when the answer is lost: the site would have
    /// it twice.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use erpnext_client::DocName;
    ///
    /// let file = client
    ///     .files()
    ///     .upload("entrée.txt", "Bonjour")
    ///     .attach_to("Dispatch Job", &DocName::new("DJ-00001")?)
    ///     .send()
    ///     .await?;
    /// println!("{:?}", file.file_url);
    /// # Ok(()) }
    /// ```
    pub fn upload(&self, file_name: impl Into<String>, content: impl Into<bytes::Bytes>) -> Upload {
        Upload::of_bytes(self.client.clone(), file_name.into(), content.into())
    }

    /// Begins to send a file as it is read, without holding it in memory. Attempted once.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// use bytes::Bytes;
    /// use futures_util::stream;
    ///
    /// let pieces = [Bytes::from("id,name\n"), Bytes::from("1,Zoé\n")].map(Ok::<_, std::io::Error>);
    /// let file = client.files().upload_stream("list.csv", stream::iter(pieces)).send().await?;
    /// # Ok(()) }
    /// ```
    pub fn upload_stream<S, E>(&self, file_name: impl Into<String>, content: S) -> Upload
    where
        S: futures_core::Stream<Item = Result<bytes::Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Upload::of_stream(self.client.clone(), file_name.into(), content)
    }

    /// Begins to read a file of this site by its `file_url`.
    ///
    /// Only `/files/…` and `/private/files/…` are asked for: the credentials go to no other
    /// address, whatever a document says where its file is.
    ///
    /// # Errors
    /// [`Error::Invalid`] for any other address. See [`Error`]; a file that is not there, or not
    /// for this user, is [`Error::Unexpected`] 404 or 403.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// let plan = client.files().download("/private/files/plan é.pdf").await?;
    /// let bytes = plan.bytes(10 * 1024 * 1024).await?;
    /// # Ok(()) }
    /// ```
    pub async fn download(&self, file_url: &str) -> Result<Download, Error> {
        download::begin(&self.client, file_url).await
    }
}
