//! Customers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::form::{Form, form, with_cursors, with_metadata};
use crate::lenient::{identified, null_default};
use crate::{CustomerId, Expandable, PaymentMethod};

/// A customer, as Stripe knows them.
///
/// <https://docs.stripe.com/api/customers/object>
///
/// # Examples
///
/// ```
/// let customer: stripe_lite::Customer = serde_json::from_str(
///     r#"{"id":"cus_1","email":"jo@example.ca","invoice_settings":{"default_payment_method":"pm_1"}}"#,
/// )?;
/// assert_eq!(customer.default_payment_method(), Some("pm_1"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// What is known for invoices, the card to charge among it.
    #[serde(default)]
    pub invoice_settings: Option<InvoiceSettings>,
    /// Languages, the preferred one first.
    #[serde(default, deserialize_with = "null_default")]
    pub preferred_locales: Vec<String>,
    /// Whether the customer was deleted; nothing else is known then.
    #[serde(default, deserialize_with = "null_default")]
    pub deleted: bool,
    /// The caller's own notes.
    #[serde(default, deserialize_with = "null_default")]
    pub metadata: BTreeMap<String, String>,
    /// When it was made, in seconds since 1970.
    #[serde(default, deserialize_with = "null_default")]
    pub created: i64,
    /// Whether money is real.
    #[serde(default, deserialize_with = "null_default")]
    pub livemode: bool,
    /// Every other field, as it came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

identified!(Customer);

/// What is known of a customer for invoices.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct InvoiceSettings {
    /// The method that is charged where none is named.
    #[serde(default)]
    pub default_payment_method: Option<Expandable<PaymentMethod>>,
}

impl Customer {
    /// Id of the method that is charged where none is named.
    #[must_use]
    pub fn default_payment_method(&self) -> Option<&str> {
        let settings = self.invoice_settings.as_ref()?;
        Some(settings.default_payment_method.as_ref()?.id())
    }
}

macro_rules! customer_fields {
    ($name:ident) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl $name {
            /// Nothing yet.
            pub fn new() -> Self {
                Self {
                    form: Form::default(),
                }
            }

            /// Sets the name.
            pub fn name(mut self, name: impl Into<String>) -> Self {
                self.form.set("name", name.into());
                self
            }

            /// Sets the e-mail address.
            pub fn email(mut self, email: impl Into<String>) -> Self {
                self.form.set("email", email.into());
                self
            }

            /// Sets the telephone number.
            pub fn phone(mut self, phone: impl Into<String>) -> Self {
                self.form.set("phone", phone.into());
                self
            }

            /// Adds a language: `fr-CA`.
            pub fn preferred_locale(mut self, locale: impl Into<String>) -> Self {
                self.form.push("preferred_locales", locale.into());
                self
            }
        }
    };
}

form! {
    /// A customer to be made.
    ///
    /// # Examples
    ///
    /// ```
    /// let customer = stripe_lite::CreateCustomer::new()
    ///     .name("Marie Tremblay")
    ///     .email("marie@example.ca")
    ///     .preferred_locale("fr-CA")
    ///     .metadata("customer", "CUST-7");
    /// assert!(customer.params()?.encode().ends_with("&metadata[customer]=CUST-7"));
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    CreateCustomer
}
with_metadata!(CreateCustomer);
customer_fields!(CreateCustomer);

form! {
    /// What shall change of a customer.
    ///
    /// # Examples
    ///
    /// ```
    /// let update = stripe_lite::UpdateCustomer::new().default_payment_method("pm_2");
    /// assert_eq!(update.params()?.encode(), "invoice_settings[default_payment_method]=pm_2");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    UpdateCustomer
}
with_metadata!(UpdateCustomer);
customer_fields!(UpdateCustomer);

impl UpdateCustomer {
    /// Sets the method that is charged where none is named.
    pub fn default_payment_method(mut self, id: impl AsRef<str>) -> Self {
        self.form
            .set("invoice_settings[default_payment_method]", id.as_ref());
        self
    }
}

form! {
    /// Which customers to list, newest first.
    ///
    /// # Examples
    ///
    /// ```
    /// let list = stripe_lite::ListCustomers::new().email("marie@example.ca");
    /// assert_eq!(list.params()?.encode(), "email=marie%40example.ca");
    /// # Ok::<(), stripe_lite::Error>(())
    /// ```
    ListCustomers
}
with_cursors!(ListCustomers);

impl ListCustomers {
    /// Only those of this e-mail address, exactly.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.form.set("email", email.into());
        self
    }
}
