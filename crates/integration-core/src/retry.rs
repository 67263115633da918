use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header};

/// When to try again, and how long to wait before it: full jitter under a total budget.
///
/// The decision is pure: [`next_wait`](Self::next_wait) takes what is known about the last
/// attempt and a random number, and answers a wait or nothing.
///
/// | after | an idempotent call | any other call |
/// |---|---|---|
/// | an error before anything was sent | again | again |
/// | 408, 425, 429, 502, 503, 504 | again | never |
/// | no answer: time out, closed or broken connection | again | never |
/// | any other status | never | never |
///
/// # Examples
///
/// ```
/// use integration_core::{Attempt, RetryPolicy};
/// use std::time::Duration;
///
/// let policy = RetryPolicy::default();
/// let lost = Attempt { number: 1, elapsed: Duration::ZERO, never_sent: false, idempotent: false, retry_after: None };
/// assert_eq!(policy.next_wait(&lost, u64::MAX), None); // a POST that may have arrived
/// let read = Attempt { idempotent: true, ..lost };
/// assert_eq!(policy.next_wait(&read, u64::MAX), Some(Duration::from_millis(200)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    base: Duration,
    cap: Duration,
    total_budget: Duration,
}

impl Default for RetryPolicy {
    /// 3 attempts, waits below 200 ms then 400 ms, at most 10 s each, no attempt begun
    /// later than 30 s after the first.
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(10),
            total_budget: Duration::from_secs(30),
        }
    }
}

/// What is known after an attempt that failed in a way that could pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "an argument, built by the caller"
)]
pub struct Attempt {
    /// 1 for the first.
    pub number: u32,
    /// Time since the first attempt began.
    pub elapsed: Duration,
    /// Nothing of the request has left this machine.
    pub never_sent: bool,
    /// Repeating the call has no further effect.
    pub idempotent: bool,
    /// The wait that the remote asked for.
    pub retry_after: Option<Duration>,
}

impl RetryPolicy {
    /// Never tries again.
    #[must_use]
    pub fn none() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// Sets the number of attempts, the first included; 0 counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the longest first wait; each further one may be twice as long.
    #[must_use]
    pub fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// Sets the longest wait of all. A remote that asks for more ends the tries.
    #[must_use]
    pub fn cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// Sets the time after which no further attempt begins.
    #[must_use]
    pub fn total_budget(mut self, budget: Duration) -> Self {
        self.total_budget = budget;
        self
    }

    /// Tells whether a status may pass by itself.
    #[must_use]
    pub fn is_retryable_status(status: StatusCode) -> bool {
        matches!(status.as_u16(), 408 | 425 | 429 | 502 | 503 | 504)
    }

    /// The wait before the next attempt, or `None` when this was the last one.
    ///
    /// `random` is uniform over all of `u64`; the back-off is that share of
    /// `min(cap, base × 2^(number − 1))` ("full jitter"). `Retry-After` is a floor under it.
    #[must_use]
    pub fn next_wait(&self, attempt: &Attempt, random: u64) -> Option<Duration> {
        if attempt.number >= self.max_attempts || !(attempt.never_sent || attempt.idempotent) {
            return None;
        }
        let doublings = attempt.number.saturating_sub(1).min(31);
        let ceiling = self.base.saturating_mul(1 << doublings).min(self.cap);
        let share = u128::from(random) + 1;
        let jittered = ceiling.as_nanos().saturating_mul(share) >> 64;
        let backoff = Duration::from_nanos(u64::try_from(jittered).unwrap_or(u64::MAX));
        let wait = attempt
            .retry_after
            .map_or(backoff, |asked| asked.max(backoff));
        (wait <= self.cap && attempt.elapsed.saturating_add(wait) <= self.total_budget)
            .then_some(wait)
    }
}

/// The `Retry-After` header (RFC 9110 §10.2.3): seconds, or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// Wait this long.
    Delay(Duration),
    /// Wait until then.
    Date(SystemTime),
}

impl RetryAfter {
    /// Reads the header; anything malformed counts as absent.
    ///
    /// # Examples
    ///
    /// ```
    /// use http::{HeaderMap, header::RETRY_AFTER};
    /// use integration_core::RetryAfter;
    /// use std::time::{Duration, SystemTime};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert(RETRY_AFTER, "Thu, 01 Jan 1970 00:01:00 GMT".parse()?);
    /// let asked = RetryAfter::from_headers(&headers).expect("well-formed");
    /// assert_eq!(asked.wait(SystemTime::UNIX_EPOCH), Duration::from_secs(60));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().ok().map(Duration::from_secs).map(Self::Delay);
        }
        httpdate::parse_http_date(text).ok().map(Self::Date)
    }

    /// How long to wait from `now` on; a date in the past means not at all.
    #[must_use]
    pub fn wait(self, now: SystemTime) -> Duration {
        match self {
            Self::Delay(delay) => delay,
            Self::Date(date) => date.duration_since(now).unwrap_or_default(),
        }
    }
}
