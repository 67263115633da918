//! Communication.
//!
//! Source: `frappe/core/doctype/communication/communication.json` and its child doctype.

use crate::value::{Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// A message sent or received, at the document it is about.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{CommunicationMedium, CommunicationPatch, SentOrReceived};
///
/// let text = CommunicationPatch::default()
///     .subject("Rendez-vous")
///     .communication_medium(CommunicationMedium::Sms)
///     .sent_or_received(SentOrReceived::Sent)
///     .phone_no("+1-4185550100")
///     .reference_doctype("Dispatch Job")
///     .reference_name("DJ-00042");
/// assert_eq!(serde_json::to_value(&text)?["communication_medium"], "SMS");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Communication")]
#[non_exhaustive]
pub struct Communication {
    /// Name: a hash.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// What it is about.
    pub subject: String,
    /// How it went.
    pub communication_medium: Option<CommunicationMedium>,
    /// Written by a person or by the site.
    #[doctype(read_only)]
    pub communication_type: CommunicationType,
    /// Which way it went.
    pub sent_or_received: SentOrReceived,
    /// Whether it was answered.
    pub status: CommunicationStatus,
    /// When.
    pub communication_date: Option<SiteDateTime>,
    /// E-mail address of the sender.
    pub sender: Option<String>,
    /// What the sender is called.
    #[doctype(read_only)]
    pub sender_full_name: Option<String>,
    /// E-mail addresses, separated by commas.
    pub recipients: Option<String>,
    /// Telephone number.
    pub phone_no: Option<String>,
    /// HTML.
    pub content: Option<String>,
    /// The same as plain text.
    pub text_content: Option<String>,
    /// Doctype of what it is about.
    pub reference_doctype: Option<DocName>,
    /// What it is about.
    pub reference_name: Option<DocName>,
    /// Message-ID of the e-mail.
    #[doctype(read_only)]
    pub message_id: Option<String>,
    /// The Communication it answers.
    #[doctype(read_only)]
    pub in_reply_to: Option<DocName>,
    /// Has files.
    pub has_attachment: bool,
    /// Other documents it shows at.
    pub timeline_links: Vec<CommunicationLink>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// How a [`Communication`] went.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum CommunicationMedium {
    /// Email.
    Email,
    /// Chat.
    Chat,
    /// Phone.
    Phone,
    /// SMS.
    #[select("SMS")]
    Sms,
    /// Event.
    Event,
    /// Meeting.
    Meeting,
    /// Visit.
    Visit,
    /// An option added by the site.
    Other(String),
}

/// Who wrote a [`Communication`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum CommunicationType {
    /// Communication.
    Communication,
    /// Automated Message.
    #[select("Automated Message")]
    AutomatedMessage,
    /// An option added by the site.
    Other(String),
}

/// Which way a [`Communication`] went.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum SentOrReceived {
    /// Sent.
    Sent,
    /// Received.
    Received,
    /// An option added by the site.
    Other(String),
}

/// Whether a [`Communication`] was answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum CommunicationStatus {
    /// Open.
    Open,
    /// Replied.
    Replied,
    /// Closed.
    Closed,
    /// Linked.
    Linked,
    /// An option added by the site.
    Other(String),
}

/// Another document that a [`Communication`] shows at.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::CommunicationLink;
///
/// let link: CommunicationLink = serde_json::from_str(
///     r#"{"name": "l1", "link_doctype": "Customer", "link_name": "Éloïse Tremblay"}"#,
/// )?;
/// assert_eq!(link.link_doctype.unwrap().as_str(), "Customer");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Communication Link", child)]
pub struct CommunicationLink {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Doctype. Needed.
    pub link_doctype: Option<DocName>,
    /// Document. Needed.
    pub link_name: Option<DocName>,
    /// What the document is called. Set by the site.
    pub link_title: Option<String>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}
