//! The secrets of a verifier, as keyed hash states: the texts themselves are not kept.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::Error;

pub(crate) type HmacSha1 = Hmac<Sha1>;
pub(crate) type HmacSha256 = Hmac<Sha256>;

/// One keyed state per secret, in the order given; wiped when dropped.
#[derive(Clone)]
pub(crate) struct Keys<M>(Vec<M>);

impl<M: Mac + KeyInit + Clone> Keys<M> {
    /// Takes texts whose bytes are the keys.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`].
    pub(crate) fn from_texts<S: AsRef<str>>(
        texts: impl IntoIterator<Item = S>,
    ) -> Result<Self, Error> {
        let mut keys = Vec::new();
        for (index, text) in texts.into_iter().enumerate() {
            let text = text.as_ref();
            if is_blank(text) {
                return Err(Error::BlankSecret { index });
            }
            keys.push(keyed(text.as_bytes()));
        }
        Self::from_states(keys)
    }

    /// Takes states made with [`keyed`].
    ///
    /// # Errors
    /// [`Error::NoSecret`].
    pub(crate) fn from_states(states: Vec<M>) -> Result<Self, Error> {
        if states.is_empty() {
            return Err(Error::NoSecret);
        }
        Ok(Self(states))
    }

    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The place of the first key whose code over a message in parts fits: the counterpart of
    /// [`code`].
    pub(crate) fn find(&self, parts: &[&[u8]], fits: impl Fn(&[u8]) -> bool) -> Option<usize> {
        self.find_fed(|mac| parts.iter().for_each(|part| mac.update(part)), fits)
    }

    /// The place of the first key whose code over what it is fed fits.
    ///
    /// All keys are tried, also after one that fits, so that the time does not tell which one
    /// did.
    pub(crate) fn find_fed(
        &self,
        feed: impl Fn(&mut M),
        fits: impl Fn(&[u8]) -> bool,
    ) -> Option<usize> {
        let mut found = None;
        for (index, key) in self.0.iter().enumerate() {
            let mut mac = key.clone();
            feed(&mut mac);
            let code = mac.finalize().into_bytes();
            if fits(&code) && found.is_none() {
                found = Some(index);
            }
        }
        found
    }
}

impl<M> fmt::Debug for Keys<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} redacted]", self.0.len())
    }
}

/// A hash state with this key.
pub(crate) fn keyed<M: Mac + KeyInit>(key: &[u8]) -> M {
    <M as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// The code over a message in parts.
pub(crate) fn code<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> impl AsRef<[u8]> + use<M> {
    let mut mac: M = keyed(key);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes()
}

pub(crate) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
