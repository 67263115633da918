//! Why a document could not be summarised at all.

/// Why an input is not one device document.
///
/// A document that is well formed but has missing, odd or contradictory values is never an
/// error: the facts concerned are absent from the [`Summary`](crate::Summary).
///
/// # Examples
///
/// ```
/// use tr181::{Error, summarize};
///
/// assert!(matches!(summarize(b"[{},{}]"), Err(Error::SeveralDocuments { count: 2 })));
/// assert!(matches!(summarize(b"{\"Device\":{"), Err(Error::Truncated { .. })));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not JSON.
    #[error("the document is not valid JSON at byte {offset}")]
    Syntax {
        /// Where the first unexpected byte is.
        offset: usize,
    },
    /// The bytes end before the document does.
    #[error("the document is cut off at byte {offset}")]
    Truncated {
        /// Length of the input.
        offset: usize,
    },
    /// Objects or arrays are nested deeper than any data model.
    #[error("the document is nested deeper than {limit} levels")]
    TooDeep {
        /// The accepted depth.
        limit: usize,
    },
    /// The JSON value is not an object (nor an array around one).
    #[error("a device document must be a JSON object")]
    NotAnObject,
    /// The array holds no document: the search that produced it found no device.
    #[error("the array holds no device document")]
    NoDocument,
    /// The array holds several documents: the caller must pick one.
    #[error("the array holds {count} device documents instead of one")]
    SeveralDocuments {
        /// How many.
        count: usize,
    },
    /// A vendor table could not be used.
    #[error("vendor table pattern {pattern:?} is not usable")]
    VendorPattern {
        /// The pattern as given (shortened).
        pattern: String,
    },
}
