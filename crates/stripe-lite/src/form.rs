//! What the parameters of all calls have in common.

use crate::{Error, Param, Params};

/// Stripe's limits on metadata.
const METADATA_KEYS: usize = 50;
const METADATA_KEY_CHARS: usize = 40;
const METADATA_VALUE_CHARS: usize = 500;

/// Parameters being gathered, and the first one that breaks a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    params: Params,
    invalid: Option<(&'static str, &'static str)>,
}

impl Form {
    pub(crate) fn refuse(&mut self, what: &'static str, reason: &'static str) {
        self.invalid.get_or_insert((what, reason));
    }

    pub(crate) fn set(&mut self, path: &str, value: impl Into<Param>) {
        self.params.set(path, value);
    }

    pub(crate) fn push(&mut self, name: &str, value: impl Into<Param>) {
        self.params.push(name, value.into());
    }

    /// One entry of the metadata under a path: `&[]` for the object itself.
    pub(crate) fn metadata(&mut self, under: &[&str], key: String, value: String) {
        let key_chars = key.chars().count();
        if key_chars == 0 || key_chars > METADATA_KEY_CHARS {
            return self.refuse("metadata", "has a key of no or more than 40 characters");
        }
        if key.contains(['[', ']']) {
            return self.refuse("metadata", "has a key with square brackets");
        }
        if value.chars().count() > METADATA_VALUE_CHARS {
            return self.refuse("metadata", "has a value of more than 500 characters");
        }
        let mut map = &mut self.params;
        for step in under {
            map = map.map_mut(step);
        }
        let map = map.map_mut("metadata");
        map.insert(key, value);
        if map.len() > METADATA_KEYS {
            self.refuse("metadata", "has more than 50 keys");
        }
    }

    pub(crate) fn text(
        &mut self,
        path: &'static str,
        value: String,
        max_chars: usize,
        reason: &'static str,
    ) {
        if value.chars().count() > max_chars {
            self.refuse(path, reason);
        }
        self.set(path, value);
    }

    pub(crate) fn peek(&self) -> &Params {
        &self.params
    }

    pub(crate) fn params(&self) -> Result<&Params, Error> {
        match self.invalid {
            Some((what, reason)) => Err(Error::Invalid { what, reason }),
            None => Ok(&self.params),
        }
    }
}

/// Defines the parameters of one call.
macro_rules! form {
    ($(#[$outer:meta])* $name:ident) => {
        $(#[$outer])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[must_use]
        pub struct $name {
            form: crate::form::Form,
        }

        impl $name {
            /// Sets a field that has no setter here, by its path: `a` or `a[b][c]`.
            pub fn set(mut self, path: &str, value: impl Into<crate::Param>) -> Self {
                self.form.set(path, value);
                self
            }

            /// Has a reference answered as the whole object: `customer`,
            /// `payment_intent.latest_charge`; four levels at most. In a list: `data.customer`.
            pub fn expand(mut self, path: impl Into<String>) -> Self {
                self.form.push("expand", path.into());
                self
            }

            /// What would be sent.
            ///
            /// # Errors
            /// [`Error::Invalid`](crate::Error::Invalid) for the first value that breaks a
            /// rule.
            pub fn params(&self) -> Result<&crate::Params, crate::Error> {
                self.form.params()
            }
        }
    };
}

/// Adds `metadata(key, value)` to the parameters of a call.
macro_rules! with_metadata {
    ($name:ident) => {
        impl $name {
            /// Adds a note of one's own: at most 50, keys of 40 and values of 500 characters. An
            /// empty value removes a note.
            pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
                self.form.metadata(&[], key.into(), value.into());
                self
            }
        }
    };
}

/// Adds the cursors of a listing.
macro_rules! with_cursors {
    ($name:ident) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl $name {
            /// Everything, ten to a page.
            pub fn new() -> Self {
                Self {
                    form: crate::form::Form::default(),
                }
            }

            /// Sets how many a page holds: 1 to 100, 10 unless set.
            pub fn limit(mut self, limit: u32) -> Self {
                if !(1..=100).contains(&limit) {
                    self.form.refuse("limit", "is not between 1 and 100");
                }
                self.form.set("limit", limit);
                self
            }

            /// Begins after this id.
            pub fn starting_after(mut self, id: impl AsRef<str>) -> Self {
                self.form.set("starting_after", id.as_ref());
                self
            }

            /// Only what was made at this time or later.
            pub fn created_from(mut self, from: jiff::Timestamp) -> Self {
                self.form.set("created[gte]", from);
                self
            }

            /// Only what was made before this time.
            pub fn created_before(mut self, to: jiff::Timestamp) -> Self {
                self.form.set("created[lt]", to);
                self
            }
        }
    };
}

pub(crate) use {form, with_cursors, with_metadata};
