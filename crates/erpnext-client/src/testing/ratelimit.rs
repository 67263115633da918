//! The site's rate limit: processing time in a window.

use super::failure::Failure;
use super::site::Site;

/// A budget of processing time, as Frappe counts it: every request uses some.
#[derive(Clone, Debug)]
pub(super) struct RateLimit {
    /// Microseconds in a window.
    pub(super) budget: u64,
    /// Seconds.
    pub(super) window: u64,
    /// What each request is taken to cost, in microseconds.
    pub(super) cost: u64,
    /// Number of the window, and what was used in it.
    pub(super) used: (u64, u64),
}

impl Site {
    /// Counts a request; the headers say what is left. A refusal where nothing is.
    pub(super) fn throttle(
        &mut self,
        headers: &mut Vec<(&'static str, String)>,
    ) -> Option<Failure> {
        let now = (self.clock.0)().as_second().unsigned_abs();
        let rate = self.rate.as_mut()?;
        let (window, reset) = (
            now / rate.window.max(1),
            rate.window - now % rate.window.max(1),
        );
        if rate.used.0 != window {
            rate.used = (window, 0);
        }
        let refused = rate.used.1 >= rate.budget;
        if !refused {
            rate.used.1 += rate.cost;
        }
        let left = rate.budget.saturating_sub(rate.used.1);
        headers.push(("X-RateLimit-Limit", rate.budget.to_string()));
        headers.push(("X-RateLimit-Remaining", left.to_string()));
        headers.push(("X-RateLimit-Reset", reset.to_string()));
        if !refused {
            headers.push(("X-RateLimit-Used", rate.cost.to_string()));
            return None;
        }
        headers.push(("Retry-After", reset.to_string()));
        let mut failure = Failure::bare(429, "TooManyRequestsError");
        failure.said = Some("Too many requests");
        Some(failure.untraced())
    }
}
