//! A file on its way from the site.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt as _;
use http::{HeaderName, Method, header};
use integration_core::{ApiPath, Error as HttpError, StreamingResponse};

use crate::{Client, Error};

/// A file on its way from the site: its head is here, its content follows.
///
/// # Examples
/// ```no_run
/// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
/// use futures_util::StreamExt as _;
///
/// let download = client.files().download("/files/logo.png").await?;
/// println!("{:?}, {:?} bytes", download.content_type(), download.content_length());
/// let mut pieces = download.into_stream();
/// while let Some(piece) = pieces.next().await {
///     println!("{}", piece?.len());
/// }
/// # Ok(()) }
/// ```
pub struct Download(StreamingResponse);

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("content_type", &self.content_type())
            .field("content_length", &self.content_length())
            .finish()
    }
}

impl Download {
    fn header(&self, name: &HeaderName) -> Option<&str> {
        self.0.headers().get(name)?.to_str().ok()
    }

    /// The media type, as the site guesses it.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.header(&header::CONTENT_TYPE)
    }

    /// The length in bytes, where the site tells it.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.header(&header::CONTENT_LENGTH)?.parse().ok()
    }

    /// The content as it comes. The time limit of the client does not hold for it.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        self.0
            .into_stream()
            .map(|piece| piece.map_err(|error| Error::Transport(HttpError::from(error))))
    }

    /// The whole content, up to a limit.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is longer. [`Error::Transport`] when it breaks off.
    pub async fn bytes(self, limit: usize) -> Result<Bytes, Error> {
        let too_long = || Error::invalid("file", format!("is longer than {limit} bytes"));
        if usize::try_from(self.content_length().unwrap_or_default()).is_ok_and(|told| told > limit)
        {
            return Err(too_long());
        }
        let mut whole = BytesMut::new();
        let mut pieces = std::pin::pin!(self.into_stream());
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            if whole.len().saturating_add(piece.len()) > limit {
                return Err(too_long());
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }
}

/// The path of a file of this site.
fn path_of(file_url: &str) -> Result<ApiPath, Error> {
    let (root, rest) = if let Some(rest) = file_url.strip_prefix("/private/files/") {
        (ApiPath::new("private/files"), rest)
    } else if let Some(rest) = file_url.strip_prefix("/files/") {
        (ApiPath::new("files"), rest)
    } else {
        return Err(Error::invalid(
            "file address",
            "does not begin with /files/ or /private/files/",
        ));
    };
    // `.` and `..`, encoded or not, are refused by the path.
    rest.split('/').try_fold(root, |path, segment| {
        if segment.contains('\\') || segment.chars().any(char::is_control) {
            return Err(Error::invalid("file address", "is not one of a file"));
        }
        Ok(path.segment(segment)?)
    })
}

pub(super) async fn begin(client: &Client, file_url: &str) -> Result<Download, Error> {
    let path = path_of(file_url)?;
    let response = client
        .exchange_streaming(|http| {
            http.request(Method::GET, path.clone())
                .header(header::ACCEPT, "*/*")
        })
        .await?;
    Ok(Download(response))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_site_have_a_path() {
        let path = |url| path_of(url).map(|path| path.as_str().to_owned());
        assert_eq!(
            path("/files/é 1#%.pdf").unwrap(),
            "files/%C3%A9%201%23%25.pdf"
        );
        assert_eq!(
            path("/private/files/a/b?x").unwrap(),
            "private/files/a/b%3Fx"
        );
        for url in [
            "https://evil.example/files/a",
            "//evil.example/files/a",
            "/files/../api/method/x",
            "/files/",
            "/files//a",
            "/files/a\\b",
            "files/a",
            "/app/files/a",
            "",
        ] {
            assert!(path(url).is_err(), "{url}");
        }
    }
}
