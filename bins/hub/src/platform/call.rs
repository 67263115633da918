//! What a handler may know of the request that it answers.

use integration_core::RequestId;
use ui_kit::{Lang, Theme};

/// The language and the id of a request, for handlers that render text.
#[derive(Clone, Debug)]
pub struct Call {
    /// Id under which the request is logged here and at remotes.
    pub id: RequestId,
    /// Language of the caller.
    pub lang: Lang,
    /// Theme chosen by the caller.
    pub theme: Theme,
}
