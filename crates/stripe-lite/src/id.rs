//! Identifiers: opaque texts with a prefix that tells the kind.

use crate::Error;

/// Longest id that is sent; Stripe asks to keep 255 characters for one.
const MAX_BYTES: usize = 255;

fn check(text: &str) -> Result<(), Error> {
    let reason = match text {
        "" => "is empty",
        text if text.len() > MAX_BYTES => "is longer than 255 characters",
        text if !text.bytes().all(|byte| byte.is_ascii_graphic()) => {
            "holds a space or a character outside ASCII"
        }
        _ => return Ok(()),
    };
    Err(Error::Invalid { what: "id", reason })
}

macro_rules! ids {
    ($( $(#[$outer:meta])* $name:ident $example:literal, )+) => { $(
        $(#[$outer])*
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("let id: stripe_lite::", stringify!($name), " = \"", $example, "\".parse()?;")]
        #[doc = concat!("assert_eq!(id.as_str(), \"", $example, "\");")]
        #[doc = concat!("assert!(\"\".parse::<stripe_lite::", stringify!($name), ">().is_err());")]
        /// # Ok::<(), stripe_lite::Error>(())
        /// ```
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                check(text)?;
                Ok(Self(text.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                check(&text)?;
                Ok(Self(text.into_boxed_str()))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into_string()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                &*self.0 == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                &*self.0 == *text
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+ };
}

ids! {
    /// Id of a Checkout Session: `cs_test_…` or `cs_live_…`.
    CheckoutSessionId "cs_test_a1b2",
    /// Id of a `PaymentIntent`: `pi_…`.
    PaymentIntentId "pi_1",
    /// Id of a `SetupIntent`: `seti_…`.
    SetupIntentId "seti_1",
    /// Id of a charge: `ch_…` or `py_…`.
    ChargeId "ch_1",
    /// Id of a refund: `re_…` or `pyr_…`.
    RefundId "re_1",
    /// Id of a customer: `cus_…`.
    CustomerId "cus_1",
    /// Id of a payment method: `pm_…`, or `card_…` and `src_…` of old ones.
    PaymentMethodId "pm_1",
    /// Id of a Billing Portal session: `bps_…`.
    PortalSessionId "bps_1",
    /// Id of an event: `evt_…`.
    EventId "evt_1",
    /// Id of a subscription: `sub_…`.
    SubscriptionId "sub_1",
    /// Id of an invoice: `in_…`.
    InvoiceId "in_1",
}
