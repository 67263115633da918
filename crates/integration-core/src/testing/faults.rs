use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};

/// A way in which a remote fails.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Answers this status and body; the fake itself never sees the request.
    Status(StatusCode, String),
    /// Carries the request out and answers after this time.
    Delay(Duration),
    /// Takes the request, carries nothing out and never answers.
    Hang,
    /// Carries the request out and never answers.
    HangAfterCommit,
    /// Resets the connection; nothing is carried out.
    Reset,
    /// Carries the request out, then resets the connection: the answer is lost.
    ResetAfterCommit,
    /// Closes the connection in order, without an answer; nothing is carried out.
    Close,
    /// Carries the request out and breaks the body off after so many bytes.
    Truncate(usize),
}

/// Which requests a fault meets, and how many of them.
///
/// # Examples
///
/// ```
/// use http::Method;
/// use integration_core::testing::{Fault, FaultRule, Faults};
///
/// let faults = Faults::default();
/// faults.add(FaultRule::new(Fault::Reset).on(Method::POST).under("/devices/").times(1));
/// assert_eq!(faults.meet(&Method::GET, "/devices/"), None);
/// assert_eq!(faults.meet(&Method::POST, "/devices/a/tasks"), Some(Fault::Reset));
/// assert_eq!(faults.meet(&Method::POST, "/devices/a/tasks"), None);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct FaultRule {
    fault: Fault,
    method: Option<Method>,
    prefix: String,
    left: Option<u32>,
    per_mille: u32,
}

impl FaultRule {
    /// A fault that meets every request.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            method: None,
            prefix: String::new(),
            left: None,
            per_mille: 1000,
        }
    }

    /// Only requests of this method.
    pub fn on(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Only requests whose path begins so.
    pub fn under(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Only the next so many requests.
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Only this share of the requests, in thousandths, in a fixed pseudo-random order.
    pub fn per_mille(mut self, share: u32) -> Self {
        self.per_mille = share;
        self
    }
}

/// The switchboard: rules are asked in the order in which they were added, and the first
/// that applies is the fault of the request. Clones share the board.
///
/// # Examples
///
/// ```
/// use http::Method;
/// use integration_core::testing::{Fault, FaultRule, Faults};
///
/// let faults = Faults::default();
/// faults.add(FaultRule::new(Fault::Hang));
/// faults.clear();
/// assert_eq!(faults.meet(&Method::GET, "/"), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Board>>);

#[derive(Debug, Default)]
struct Board {
    rules: Vec<FaultRule>,
    random: u64,
}

impl Faults {
    /// Adds a rule.
    pub fn add(&self, rule: FaultRule) {
        self.lock(|board| board.rules.push(rule));
    }

    /// Removes all rules: the remote is well again.
    pub fn clear(&self) {
        self.lock(|board| board.rules.clear());
    }

    /// The fault that this request meets, counted as met.
    #[must_use]
    pub fn meet(&self, method: &Method, path: &str) -> Option<Fault> {
        self.lock(|board| {
            let Board { rules, random } = board;
            let applies = |rule: &FaultRule| {
                rule.method.as_ref().is_none_or(|wanted| wanted == method)
                    && path.starts_with(&rule.prefix)
                    && rule.left != Some(0)
            };
            let rule = rules.iter_mut().find(|rule| {
                applies(rule)
                    && (rule.per_mille >= 1000 || next(random) % 1000 < u64::from(rule.per_mille))
            })?;
            if let Some(left) = &mut rule.left {
                *left -= 1;
            }
            Some(rule.fault.clone())
        })
    }

    fn lock<T>(&self, act: impl FnOnce(&mut Board) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// `SplitMix64`: the same order in every run.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
