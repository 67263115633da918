//! What the doctypes of the site are made of, asked once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use integration_core::ApiPath;

use super::Client;
use super::send::{Call, Envelope, Repeat};
use crate::{Error, Meta};

/// The doctypes asked for so far.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<HashMap<Box<str>, Arc<Meta>>>);

impl Client {
    /// A doctype as the site has it, added fields included. Asked once for all clones: see
    /// [`forget_meta`](Self::forget_meta).
    ///
    /// # Errors
    /// See [`Error`]; [`Error::is_not_found`] when there is no such doctype, 403 for Guest.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// let meta = client.meta("Sales Invoice").await?;
    /// assert!(meta.is_submittable);
    /// # Ok(()) }
    /// ```
    pub async fn meta(&self, doctype: &str) -> Result<Arc<Meta>, Error> {
        if let Some(meta) = self.metas(|metas| metas.get(doctype).cloned()) {
            return Ok(meta);
        }
        let call = Call {
            what: "a doctype",
            method: Method::GET,
            path: ApiPath::new("api/v2/doctype")
                .segment(doctype)?
                .literal("meta"),
            query: Vec::new(),
            body: None,
            repeat: Repeat::Safe,
            envelope: Envelope::Data,
        };
        let meta: Arc<Meta> = Arc::new(self.call(call).await?);
        self.metas(|metas| metas.insert(doctype.into(), meta.clone()));
        Ok(meta)
    }

    /// Forgets the doctypes: they are asked for again, after fields were added to them.
    pub fn forget_meta(&self) {
        self.metas(HashMap::clear);
    }

    fn metas<R>(&self, act: impl FnOnce(&mut HashMap<Box<str>, Arc<Meta>>) -> R) -> R {
        let metas = &self.inner.meta.0;
        act(&mut metas.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
