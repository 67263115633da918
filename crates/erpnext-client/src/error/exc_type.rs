//! Names of Frappe's exceptions.

use std::fmt;

macro_rules! exceptions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The exception by which Frappe refused, its `exc_type`.
        ///
        /// Apps have exceptions of their own; those are [`Other`](Self::Other).
        ///
        /// # Examples
        /// ```
        /// use erpnext_client::ExcType;
        ///
        /// assert_eq!(ExcType::from_name("MandatoryError"), ExcType::Mandatory);
        /// assert_eq!(ExcType::from_name("OverAllowanceError").as_str(), "OverAllowanceError");
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ExcType {
            $($(#[$doc])* $variant,)*
            /// Any other, by its name.
            Other(Box<str>),
        }

        impl ExcType {
            /// The exception of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    other => Self::Other(other.into()),
                }
            }

            /// The name on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other(name) => name,
                }
            }
        }
    };
}

exceptions! {
    /// `CSRFTokenError`: a session that owns a token was used without it.
    CsrfToken = "CSRFTokenError",
    /// `AuthenticationError`: wrong credentials.
    Authentication = "AuthenticationError",
    /// `SessionExpired`.
    SessionExpired = "SessionExpired",
    /// `InvalidKeyError`.
    InvalidKey = "InvalidKeyError",
    /// `InvalidAuthorizationToken`.
    InvalidAuthorizationToken = "InvalidAuthorizationToken",
    /// `PermissionError`: role, rule, Guest, a method that is not for calls, a wrong verb.
    Permission = "PermissionError",
    /// `DoesNotExistError`: no such document, doctype or route.
    DoesNotExist = "DoesNotExistError",
    /// `PageDoesNotExistError`.
    PageDoesNotExist = "PageDoesNotExistError",
    /// `DuplicateEntryError`: the name is taken.
    DuplicateEntry = "DuplicateEntryError",
    /// `UniqueValidationError`: the value of a unique field is taken.
    UniqueValidation = "UniqueValidationError",
    /// `NameError`: the name cannot be one.
    Name = "NameError",
    /// `InvalidNameError`.
    InvalidName = "InvalidNameError",
    /// `ValidationError`: a rule of the doctype.
    Validation = "ValidationError",
    /// `MandatoryError`: a mandatory field is empty.
    Mandatory = "MandatoryError",
    /// `LinkValidationError`: a link to nothing.
    LinkValidation = "LinkValidationError",
    /// `LinkExistsError`: others link to it.
    LinkExists = "LinkExistsError",
    /// `CancelledLinkError`: a link to a cancelled document.
    CancelledLink = "CancelledLinkError",
    /// `TimestampMismatchError`: saved by someone else since it was read.
    TimestampMismatch = "TimestampMismatchError",
    /// `UpdateAfterSubmitError`: the field does not change after submission.
    UpdateAfterSubmit = "UpdateAfterSubmitError",
    /// `DocstatusTransitionError`: draft, submitted, cancelled, in this order alone.
    DocstatusTransition = "DocstatusTransitionError",
    /// `CannotChangeConstantError`.
    CannotChangeConstant = "CannotChangeConstantError",
    /// `CharacterLengthExceededError`.
    CharacterLengthExceeded = "CharacterLengthExceededError",
    /// `DataError`: a field, value or query that cannot be (with 500: the database's own).
    Data = "DataError",
    /// `InvalidPhoneNumberError`.
    InvalidPhoneNumber = "InvalidPhoneNumberError",
    /// `InvalidEmailAddressError`.
    InvalidEmailAddress = "InvalidEmailAddressError",
    /// `NonNegativeError`.
    NonNegative = "NonNegativeError",
    /// `DocumentLockedError`: a background job holds the document.
    DocumentLocked = "DocumentLockedError",
    /// `AttachmentLimitReached`.
    AttachmentLimitReached = "AttachmentLimitReached",
    /// `LinkExpired`.
    LinkExpired = "LinkExpired",
    /// `UnsupportedMediaType`.
    UnsupportedMediaType = "UnsupportedMediaType",
    /// `TooManyRequestsError`: the budget of the site.
    TooManyRequests = "TooManyRequestsError",
    /// `RateLimitExceededError`: the budget of a method.
    RateLimitExceeded = "RateLimitExceededError",
    /// `QueryDeadlockError`: rolled back, to be tried again.
    QueryDeadlock = "QueryDeadlockError",
    /// `QueryTimeoutError`: rolled back, to be tried again.
    QueryTimeout = "QueryTimeoutError",
    /// `OperationalError` of the database.
    Operational = "OperationalError",
    /// `ProgrammingError` of the database.
    Programming = "ProgrammingError",
    /// `JSONDecodeError`.
    JsonDecode = "JSONDecodeError",
    /// `TypeError`: most often a missing argument.
    Type = "TypeError",
    /// `ImportError`: most often a doctype that is not there.
    Import = "ImportError",
    /// `KeyError`.
    Key = "KeyError",
    /// `AttributeError`.
    Attribute = "AttributeError",
    /// `OutgoingEmailError`.
    OutgoingEmail = "OutgoingEmailError",
    /// `SessionStopped`: maintenance.
    SessionStopped = "SessionStopped",
    /// `InReadOnlyMode`: maintenance, reads go on.
    InReadOnlyMode = "InReadOnlyMode",
    /// `QueueOverloaded`.
    QueueOverloaded = "QueueOverloaded",
}

impl ExcType {
    /// The exception of a text that came over the wire: the last part of a dotted path. `None`
    /// for what is no name of a class, which must not get into a log.
    pub(super) fn from_wire(text: &str) -> Option<Self> {
        let name = text.trim().rsplit('.').next()?;
        let class = !name.is_empty()
            && name.len() <= 80
            && name
                .chars()
                .all(|char| char.is_ascii_alphanumeric() || char == '_')
            && name.starts_with(|char: char| char.is_ascii_alphabetic());
        class.then(|| Self::from_name(name))
    }
}

impl fmt::Display for ExcType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
