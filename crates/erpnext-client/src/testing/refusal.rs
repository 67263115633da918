//! What the site says when it will not.

/// An answer other than success, in Frappe's terms; the HTTP layer puts it into the envelope of
/// the API version that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// Name of the exception: `MandatoryError`. Empty for answers without one.
    pub(super) exc_type: &'static str,
    /// May hold HTML, as Frappe's messages do.
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, exc_type: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            exc_type,
            message: message.into(),
        }
    }
}
