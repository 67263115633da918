//! The calls, resource by resource.

mod billing;
mod customers;
mod payments;

use integration_core::ApiPath;

pub use billing::{BillingPortal, CheckoutSessions, Events};
pub use customers::{Customers, PaymentMethods};
pub use payments::{Charges, PaymentIntents, Refunds, SetupIntents};

use crate::{Error, Param, Params};

/// A path of a literal and one id.
fn path(literal: &'static str, id: impl AsRef<str>) -> Result<ApiPath, Error> {
    ApiPath::new(literal)
        .segment(id.as_ref())
        .map_err(|_| Error::Invalid {
            what: "id",
            reason: "cannot be addressed",
        })
}

/// `expand[]` of a read.
fn expanding(fields: &[&str]) -> Params {
    let fields: Vec<Param> = fields.iter().map(|field| Param::from(*field)).collect();
    Params::from_iter([("expand", fields)])
}

/// Defines the handle of a resource.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            client: Client,
        }

        impl $name {
            pub(in crate::client) fn new(client: Client) -> Self {
                Self { client }
            }
        }
    };
}

use handle;
