/// One page of a listing, and how to ask for the next.
///
/// # Examples
///
/// ```
/// use integration_core::Page;
///
/// let page = Page { items: vec!["a", "b"], next: Some(2_u32), total: Some(3) };
/// assert_eq!(page.next, Some(2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "a plain result, built by every client crate"
)]
pub struct Page<T, C = String> {
    /// The rows of this page, in the remote's order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<C>,
    /// Number of rows over all pages, where the remote tells.
    pub total: Option<u64>,
}

/// Turns a function that fetches one page into a stream over all items.
///
/// The function gets the cursor of the page to fetch, `None` for the first. The stream ends
/// after the last page or the first error. Pages are fetched when they are needed, one at a
/// time: dropping the stream stops the listing.
///
/// # Examples
///
/// ```
/// use futures_util::TryStreamExt;
/// use integration_core::{Page, paginate};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let numbers = paginate(|cursor: Option<u32>| async move {
///     let from = cursor.unwrap_or(0);
///     let next = (from < 4).then_some(from + 2);
///     Ok::<_, std::io::Error>(Page { items: vec![from, from + 1], next, total: None })
/// });
/// let all: Vec<u32> = numbers.try_collect().await?;
/// assert_eq!(all, [0, 1, 2, 3, 4, 5]);
/// # Ok::<(), std::io::Error>(()) }).unwrap();
/// ```
#[cfg(feature = "client")]
pub fn paginate<T, C, E, F, R>(fetch: F) -> impl futures_core::Stream<Item = Result<T, E>> + Send
where
    T: Send,
    C: Send,
    E: Send,
    F: FnMut(Option<C>) -> R + Send,
    R: Future<Output = Result<Page<T, C>, E>> + Send,
{
    enum At<C> {
        Start,
        Page(C),
        End,
    }
    use futures_util::{StreamExt as _, TryStreamExt as _, stream};
    stream::unfold((At::Start, fetch), |(at, mut fetch)| async move {
        let cursor = match at {
            At::Start => None,
            At::Page(cursor) => Some(cursor),
            At::End => return None,
        };
        match fetch(cursor).await {
            Ok(page) => {
                let at = page.next.map_or(At::End, At::Page);
                Some((Ok(page.items), (at, fetch)))
            }
            Err(error) => Some((Err(error), (At::End, fetch))),
        }
    })
    .map_ok(|items| stream::iter(items).map(Ok))
    .try_flatten()
}
