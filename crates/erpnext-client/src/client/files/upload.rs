//! A file on its way to the site.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::{StreamExt as _, stream};
use http::{Method, header};
use integration_core::transport::{TransportError, TransportErrorKind};
use integration_core::{ApiPath, ByteStream};

use super::File;
use super::multipart::Frame;
use crate::client::send::{Envelope, Repeat};
use crate::{Client, DocName, Error};

/// A file on its way to the site; begun by [`Files::upload`](super::Files::upload).
#[must_use]
pub struct Upload {
    client: Client,
    file_name: String,
    content: Content,
    content_type: String,
    fields: Vec<(&'static str, String)>,
    private: bool,
}

enum Content {
    Bytes(Bytes),
    Stream(ByteStream, Option<u64>),
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("private", &self.private)
            .field(
                "bytes",
                &match &self.content {
                    Content::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
                    Content::Stream(_, length) => *length,
                },
            )
            .finish_non_exhaustive()
    }
}

impl Upload {
    fn new(client: Client, file_name: String, content: Content) -> Self {
        Self {
            client,
            file_name,
            content,
            content_type: "application/octet-stream".to_owned(),
            fields: Vec::new(),
            private: true,
        }
    }

    pub(super) fn of_bytes(client: Client, file_name: String, content: Bytes) -> Self {
        Self::new(client, file_name, Content::Bytes(content))
    }

    pub(super) fn of_stream<S, E>(client: Client, file_name: String, content: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let pieces = content.map(|piece| {
            piece.map_err(|error| TransportError::with_source(TransportErrorKind::Request, error))
        });
        Self::new(client, file_name, Content::Stream(Box::pin(pieces), None))
    }

    /// Lets everybody who knows the address read the file, without logging in.
    pub fn public(mut self) -> Self {
        self.private = false;
        self
    }

    /// Attaches the file to a document.
    pub fn attach_to(mut self, doctype: impl Into<String>, name: &DocName) -> Self {
        self.fields.push(("doctype", doctype.into()));
        self.fields.push(("docname", name.as_str().to_owned()));
        self
    }

    /// Names the field of the document that the file is for. The field itself is not set: patch it
    /// with the `file_url`.
    pub fn for_field(mut self, field: impl Into<String>) -> Self {
        self.fields.push(("fieldname", field.into()));
        self
    }

    /// The folder; `Home` unless set.
    pub fn folder(mut self, folder: impl Into<String>) -> Self {
        self.fields.push(("folder", folder.into()));
        self
    }

    /// The media type; `application/octet-stream` unless set.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self
    }

    /// The length of a stream in bytes, where it is known: some proxies want to be told.
    pub fn length(mut self, bytes: u64) -> Self {
        if let Content::Stream(_, length) = &mut self.content {
            *length = Some(bytes);
        }
        self
    }

    /// Sends the file.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name or a text that cannot be sent. [`Error::Lost`] when the answer
    /// was lost: the site may have the file. See [`Error`].
    pub async fn send(mut self) -> Result<File, Error> {
        self.check()?;
        let private = u8::from(self.private).to_string();
        self.fields.push(("is_private", private));
        let frame = Frame::new(&self.fields, &self.file_name, &self.content_type);
        let (body, repeat) = self.body(&frame);
        let stream_left = Mutex::new(body);
        let response = self
            .client
            .exchange("a file", repeat, |http| {
                let request = http
                    .request(Method::POST, ApiPath::new("api/method/upload_file"))
                    .header(header::CONTENT_TYPE, &frame.content_type);
                let mut body = stream_left.lock().unwrap_or_else(PoisonError::into_inner);
                match &mut *body {
                    Body::Bytes(bytes) => request.body(bytes.clone()),
                    Body::Stream(pieces, length) => {
                        let request = match length {
                            Some(length) => {
                                request.header(header::CONTENT_LENGTH, &length.to_string())
                            }
                            None => request,
                        };
                        // Asked for once: `Repeat::Once`.
                        let pieces = pieces.take();
                        request.body_stream(pieces.unwrap_or_else(|| Box::pin(stream::empty())))
                    }
                }
            })
            .await?;
        Client::open("a file", repeat, Envelope::Message, &response)
    }

    /// What cannot be sent within the frame.
    fn check(&self) -> Result<(), Error> {
        let name = &self.file_name;
        let reason = if name.trim().is_empty() {
            "is empty"
        } else if name.chars().count() > DocName::MAX_CHARS {
            "is longer than 140 characters"
        } else if name.contains(['/', '\\']) || name == "." || name == ".." {
            "is a path"
        } else if name.chars().any(char::is_control) {
            "holds a control character"
        } else if self.content_type.chars().any(char::is_control)
            || !self.content_type.contains('/')
        {
            return Err(Error::invalid("media type", "is not one: `image/png`"));
        } else {
            return Ok(());
        };
        Err(Error::invalid("file name", reason))
    }

    fn body(&mut self, frame: &Frame) -> (Body, Repeat) {
        let content = std::mem::replace(&mut self.content, Content::Bytes(Bytes::new()));
        let (head, tail) = (frame.head.clone(), frame.tail.clone());
        match content {
            Content::Bytes(bytes) => {
                let mut body = BytesMut::with_capacity(head.len() + bytes.len() + tail.len());
                for part in [head.as_bytes(), &bytes, tail.as_bytes()] {
                    body.extend_from_slice(part);
                }
                (Body::Bytes(body.freeze()), Repeat::Never)
            }
            Content::Stream(pieces, length) => {
                let around = u64::try_from(head.len() + tail.len()).unwrap_or_default();
                let whole = stream::iter([Ok(Bytes::from(head))])
                    .chain(pieces)
                    .chain(stream::iter([Ok(Bytes::from(tail))]));
                let length = length.map(|length| length.saturating_add(around));
                (Body::Stream(Some(Box::pin(whole)), length), Repeat::Once)
            }
        }
    }
}

enum Body {
    Bytes(Bytes),
    Stream(Option<ByteStream>, Option<u64>),
}
