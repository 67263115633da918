use std::fmt;

use crate::Error;

/// The most bytes of a header that are read: 16 KiB, some 240 Stripe signatures.
///
/// # Examples
///
/// ```
/// use webhook_signatures::{Error, MAX_HEADER_BYTES, frappe};
///
/// let huge = "A".repeat(MAX_HEADER_BYTES + 1);
/// let error = frappe::Verifier::new(["s3cr3t"])?.verify(b"{}", &huge).unwrap_err();
/// assert!(matches!(error, Error::HeaderTooLong { .. }));
/// # Ok::<(), Error>(())
/// ```
pub const MAX_HEADER_BYTES: usize = 16 * 1024;

/// The value of a header as it came, or its absence.
///
/// Made from text or bytes, with or without `Option`: what a map of headers gives needs no
/// conversion before.
///
/// # Examples
///
/// ```
/// use webhook_signatures::frappe;
///
/// let verifier = frappe::Verifier::new(["s3cr3t"])?;
/// let signature = frappe::sign("s3cr3t", b"{}");
/// verifier.verify(b"{}", &signature)?; // &String
/// verifier.verify(b"{}", signature.as_bytes())?; // &[u8]
/// verifier.verify(b"{}", Some(&*signature))?; // Option<&str>
/// assert!(verifier.verify(b"{}", None::<&[u8]>).is_err());
/// # Ok::<(), webhook_signatures::Error>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Header<'a>(Option<&'a [u8]>);

impl<'a> Header<'a> {
    /// The header is absent.
    pub const ABSENT: Header<'static> = Header(None);

    /// The bytes, unless there are none.
    ///
    /// # Errors
    /// [`Error::MissingHeader`], [`Error::HeaderTooLong`].
    pub(crate) fn read(self, name: &'static str) -> Result<&'a [u8], Error> {
        match self.0 {
            None | Some([]) => Err(Error::MissingHeader { header: name }),
            Some(bytes) if bytes.len() > MAX_HEADER_BYTES => Err(Error::HeaderTooLong {
                header: name,
                limit: MAX_HEADER_BYTES,
            }),
            Some(bytes) => Ok(bytes),
        }
    }

    /// Whether the header is absent or empty.
    pub(crate) fn is_absent(self) -> bool {
        self.0.is_none_or(<[u8]>::is_empty)
    }
}

impl<'a> From<&'a [u8]> for Header<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self(Some(value))
    }
}

impl<'a> From<&'a str> for Header<'a> {
    fn from(value: &'a str) -> Self {
        Self(Some(value.as_bytes()))
    }
}

impl<'a> From<&'a String> for Header<'a> {
    fn from(value: &'a String) -> Self {
        Self(Some(value.as_bytes()))
    }
}

impl<'a> From<Option<&'a [u8]>> for Header<'a> {
    fn from(value: Option<&'a [u8]>) -> Self {
        Self(value)
    }
}

impl<'a> From<Option<&'a str>> for Header<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self(value.map(str::as_bytes))
    }
}

/// A header may be the secret itself: only its length is shown.
impl fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(bytes) => write!(f, "Header({} bytes)", bytes.len()),
            None => f.write_str("Header(absent)"),
        }
    }
}
