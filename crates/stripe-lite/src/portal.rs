//! Billing Portal sessions: a page of Stripe's on which a customer keeps their cards.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::PortalSessionId;
use crate::form::{Form, form};
use crate::lenient::{identified, null_default};

/// A page on which a customer keeps their cards. It ends soon: make one when it is opened.
///
/// <https://docs.stripe.com/api/customer_portal/sessions/object>
///
/// # Examples
///
/// ```
/// let session: stripe_lite::PortalSession = serde_json::from_str(
///     r#"{"id":"bps_1","url":"https://billing.stripe.com/p/session/x","customer":"cus_1"}"#,
/// )?;
/// assert!(session.url.starts_with("https://"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct PortalSession {
    /// Its id.
    pub id: PortalSessionId,
    /// The address of the page; whoever has it is let in.
    pub url: String,
    /// Whose page it is.
    #[serde(default)]
    pub customer: Option<String>,
    /// Where the customer goes afterwards.
    #[serde(default)]
    pub return_url: Option<String>,
    /// When it was made, in seconds since 1970.
    #[serde(default, deserialize_with = "null_default")]
    pub created: i64,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

identified!(PortalSession);

/// Without the address, which lets in whoever has it.
impl std::fmt::Debug for PortalSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PortalSession")
            .field("id", &self.id)
            .field("customer", &self.customer)
            .finish_non_exhaustive()
    }
}

form! {
    /// A portal session to be made.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::CreatePortalSession;
    ///
    /// let session = CreatePortalSession::new("cus_1")
    ///     .return_url("https://portail.example.ca/")
    ///     .update_payment_method();
    /// assert!(session.params()?.encode().ends_with("flow_data[type]=payment_method_update"));
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    CreatePortalSession
}

impl CreatePortalSession {
    /// For this customer.
    pub fn new(customer: impl AsRef<str>) -> Self {
        let mut form = Form::default();
        form.set("customer", customer.as_ref());
        Self { form }
    }

    /// Sets where the customer goes afterwards.
    pub fn return_url(mut self, url: impl Into<String>) -> Self {
        self.form.set("return_url", url.into());
        self
    }

    /// Sets which settings of the page apply: `bpc_…`.
    pub fn configuration(mut self, id: impl Into<String>) -> Self {
        self.form.set("configuration", id.into());
        self
    }

    /// Sets the language of the page: `fr-CA`.
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.form.set("locale", locale.into());
        self
    }

    /// Opens the page where a card is replaced, and nothing else.
    pub fn update_payment_method(mut self) -> Self {
        self.form.set("flow_data[type]", "payment_method_update");
        self
    }
}
