//! A forward-only reader of JSON bytes that keeps the leaves a trie names.
//!
//! No tree of the document is built: an object that cannot hold anything of interest is
//! passed over by counting brackets outside strings. Inside such an object only the
//! nesting and the strings are checked.

use std::borrow::Cow;

use super::index::{Id, Index};
use super::scalar::Scalar;
use super::skip::{self, string_end};
use super::trie::{State, Trie};
use crate::error::Error;

/// Reads one document, or an array around one.
pub(crate) fn read<'a>(bytes: &'a [u8], trie: &Trie) -> Result<Index<'a>, Error> {
    // A byte order mark is not JSON, but files have it.
    let start = if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        3
    } else {
        0
    };
    let mut reader = Reader {
        bytes,
        at: start,
        trie,
        index: Index::new(),
    };
    reader.blank();
    match reader.peek() {
        Some(b'{') => {
            reader.at += 1;
            reader.object(super::trie::ROOT, 0)?;
        }
        Some(b'[') => reader.only_document()?,
        Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
            reader.skip_value()?;
            reader.end()?;
            return Err(Error::NotAnObject);
        }
        Some(_) => return Err(reader.unexpected()),
        None => {
            return Err(Error::Truncated {
                offset: bytes.len(),
            });
        }
    }
    reader.end()?;
    Ok(reader.index)
}

struct Reader<'a, 't> {
    bytes: &'a [u8],
    at: usize,
    trie: &'t Trie,
    index: Index<'a>,
}

impl<'a> Reader<'a, '_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn unexpected(&self) -> Error {
        if self.at >= self.bytes.len() {
            Error::Truncated {
                offset: self.bytes.len(),
            }
        } else {
            Error::Syntax { offset: self.at }
        }
    }

    fn end(&mut self) -> Result<(), Error> {
        self.blank();
        if self.at < self.bytes.len() {
            Err(self.unexpected())
        } else {
            Ok(())
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Error> {
        self.blank();
        if self.peek() != Some(byte) {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    /// An array of documents: reads the first, counts the others.
    fn only_document(&mut self) -> Result<(), Error> {
        self.at += 1;
        self.blank();
        if self.peek() == Some(b']') {
            self.at += 1;
            self.end()?;
            return Err(Error::NoDocument);
        }
        let mut object = false;
        if self.peek() == Some(b'{') {
            self.at += 1;
            object = true;
            self.object(super::trie::ROOT, 0)?;
        } else {
            self.skip_value()?;
        }
        let mut count = 1_usize;
        loop {
            self.blank();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.blank();
                    self.skip_value()?;
                    count += 1;
                }
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                _ => return Err(self.unexpected()),
            }
        }
        if count > 1 {
            return Err(Error::SeveralDocuments { count });
        }
        if object {
            Ok(())
        } else {
            Err(Error::NotAnObject)
        }
    }

    /// Reads the members of an object whose `{` was consumed. Recursion is as deep as the
    /// trie, which is bounded.
    fn object(&mut self, state: State, id: Id) -> Result<(), Error> {
        let leaf = self.trie.is_leaf(state);
        // The root and `_deviceId` hold members that begin with `_`; elsewhere that is metadata.
        let metadata = id != 0 && !self.index.is_device_id(id);
        self.blank();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.blank();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let key = self.raw_string()?;
            if self.peek() == Some(b':') {
                self.at += 1;
            } else {
                self.expect(b':')?;
            }
            self.blank();
            if metadata && key.bytes.first() == Some(&b'_') {
                self.metadata(key, leaf, id)?;
            } else {
                self.child(key, state, id)?;
            }
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn metadata(&mut self, key: Raw<'a>, leaf: bool, id: Id) -> Result<(), Error> {
        match key.bytes {
            b"_value" if leaf => {
                let value = self.scalar()?;
                self.index.set_value(id, value);
                Ok(())
            }
            b"_timestamp" if leaf && self.peek() == Some(b'"') => {
                // Read as a time only if a fact comes of the leaf.
                let text = self.raw_string()?;
                self.index.set_read_at(id, text.bytes);
                Ok(())
            }
            _ => self.skip_value(),
        }
    }

    fn child(&mut self, key: Raw<'a>, state: State, id: Id) -> Result<(), Error> {
        let decoded;
        let name = if key.escaped {
            decoded = key.text();
            decoded.as_deref().map(str::as_bytes)
        } else {
            Some(key.bytes)
        };
        let Some(name) = name else {
            return self.skip_value();
        };
        match self.trie.step(state, name) {
            Some(next) => match key.text() {
                Some(name) => self.member(next, id, name),
                None => self.skip_value(),
            },
            None if id == 0 && name.contains(&b'.') => match key.text() {
                Some(path) => self.flat_member(&path),
                None => self.skip_value(),
            },
            None => self.skip_value(),
        }
    }

    fn member(&mut self, state: State, parent: Id, name: Cow<'a, str>) -> Result<(), Error> {
        let tags = parent == 0 && name == "_tags";
        let id = self.index.add(parent, name, state);
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                self.object(state, id)?;
            }
            Some(b'[') if tags => self.tags(id, state)?,
            Some(b'[') => self.skip_value()?,
            _ => {
                let value = self.scalar()?;
                if self.trie.is_leaf(state) {
                    self.index.set_value(id, value);
                }
            }
        }
        self.index.link_if_used(id);
        Ok(())
    }

    /// A root member whose name is a whole path: a flat map in JSON.
    fn flat_member(&mut self, path: &str) -> Result<(), Error> {
        let mut state = super::trie::ROOT;
        for name in path.split('.').filter(|s| !s.is_empty()) {
            match self.trie.step(state, name.as_bytes()) {
                Some(next) => state = next,
                None => return self.skip_value(),
            }
        }
        if !self.trie.is_leaf(state) {
            return self.skip_value();
        }
        let value = self.scalar()?;
        let mut id = 0;
        state = super::trie::ROOT;
        for name in path.split('.').filter(|s| !s.is_empty()) {
            state = self.trie.step(state, name.as_bytes()).unwrap_or(state);
            // A flat map comes sorted, so that the object is nearly always the last one made.
            id = match self.index.last_child_named(id, name) {
                Some(known) => known,
                None => self.index.push(id, Cow::Owned(name.to_owned()), state),
            };
        }
        self.index.set_value(id, value);
        Ok(())
    }

    fn tags(&mut self, id: Id, state: State) -> Result<(), Error> {
        self.at += 1;
        self.blank();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.blank();
            let value = self.scalar()?;
            if value.is_some() {
                let child = self.index.push(id, Cow::Borrowed("tag"), state);
                self.index.set_value(child, value);
            }
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.unexpected()),
            }
        }
    }

    /// Reads a scalar; null, arrays, objects and unreadable strings are none.
    fn scalar(&mut self) -> Result<Option<Scalar<'a>>, Error> {
        match self.peek() {
            Some(b'"') => Ok(self.raw_string()?.text().map(Scalar)),
            Some(b'{' | b'[') => {
                self.skip_value()?;
                Ok(None)
            }
            _ => {
                let text = self.literal()?;
                Ok((text != "null").then_some(Scalar(Cow::Borrowed(text))))
            }
        }
    }

    /// A number, `true`, `false` or `null`.
    fn literal(&mut self) -> Result<&'a str, Error> {
        let start = self.at;
        while let Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.') = self.peek() {
            self.at += 1;
        }
        let text = self
            .bytes
            .get(start..self.at)
            .and_then(|b| std::str::from_utf8(b).ok())
            .unwrap_or_default();
        let word = matches!(text, "true" | "false" | "null");
        let number = text
            .bytes()
            .next()
            .is_some_and(|b| b == b'-' || b.is_ascii_digit())
            && text.bytes().last().is_some_and(|b| b.is_ascii_digit())
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
        if word || number {
            return Ok(text);
        }
        if self.at < self.bytes.len() {
            self.at = start;
        }
        Err(self.unexpected())
    }

    /// Passes over a string at its opening quote and gives its bytes, unread.
    fn raw_string(&mut self) -> Result<Raw<'a>, Error> {
        let start = self.at + 1;
        let (end, escaped) = string_end(self.bytes, start).ok_or(Error::Truncated {
            offset: self.bytes.len(),
        })?;
        self.at = end;
        Ok(Raw {
            bytes: self.bytes.get(start..end - 1).unwrap_or_default(),
            escaped,
        })
    }

    /// Whether that word stands here, and ends here.
    fn starts_with(&self, word: &[u8]) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        rest.starts_with(word) && !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric)
    }

    fn skip_value(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b'"') => {
                let (end, _) = string_end(self.bytes, self.at + 1).ok_or(Error::Truncated {
                    offset: self.bytes.len(),
                })?;
                self.at = end;
                Ok(())
            }
            Some(b'{' | b'[') => {
                self.at = skip::container(self.bytes, self.at)?;
                Ok(())
            }
            // What most leaves have, without looking twice.
            Some(b't') if self.starts_with(b"true") => {
                self.at += 4;
                Ok(())
            }
            Some(b'f') if self.starts_with(b"false") => {
                self.at += 5;
                Ok(())
            }
            _ => self.literal().map(|_| ()),
        }
    }
}

/// A string as it stands between its quotes.
#[derive(Clone, Copy)]
struct Raw<'a> {
    bytes: &'a [u8],
    escaped: bool,
}

impl<'a> Raw<'a> {
    /// The text; none when it is not readable: invalid UTF-8, a lone surrogate, a bad escape.
    fn text(self) -> Option<Cow<'a, str>> {
        if !self.escaped {
            return std::str::from_utf8(self.bytes).ok().map(Cow::Borrowed);
        }
        // Escapes are rare: the full parser decodes them.
        let quoted = [b"\"", self.bytes, b"\""].concat();
        serde_json::from_slice(&quoted).ok().map(Cow::Owned)
    }
}
