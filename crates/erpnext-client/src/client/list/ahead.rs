//! A page asked for before its turn.

use std::panic::resume_unwind;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::Instrument as _;

use super::fetch::Listed;
use crate::client::Client;
use crate::{Error, Query};

/// A call of a list that goes on by itself. Dropped, it is given up.
#[derive(Debug)]
pub(super) struct Ahead(JoinHandle<Result<Listed, Error>>);

impl Ahead {
    /// Sends the call, unless that would take the last free slot: who reads the rows may need one
    /// for each, and shall not wait for what nobody asked for yet.
    pub(super) fn send(client: &Client, doctype: &str, query: Query) -> Option<Self> {
        if !client.inner.limit.has_room() {
            return None;
        }
        let (client, doctype) = (client.clone(), doctype.to_owned());
        let call = async move { client.listed(&doctype, &query).await };
        let task = Handle::try_current().ok()?.spawn(call.in_current_span());
        Some(Self(task))
    }

    /// The answer; `None` where the call has not been made, and is to be made now.
    pub(super) async fn answer(mut self) -> Option<Result<Listed, Error>> {
        match (&mut self.0).await {
            Ok(Err(Error::Busy)) => None,
            Ok(answer) => Some(answer),
            // Its runtime ends.
            Err(gone) if gone.is_cancelled() => None,
            Err(panicked) => resume_unwind(panicked.into_panic()),
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.abort();
    }
}
