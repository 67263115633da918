use std::fmt;

use serde_json::error::Category;

/// Where and how a JSON text is not what was expected, without a word of that text.
///
/// A `serde_json::Error` quotes the value it did not expect, and so would every log line that
/// shows the causes of an error; this keeps the place and the category alone.
///
/// # Examples
///
/// ```
/// use integration_core::DecodeError;
///
/// let quoting = serde_json::from_str::<u32>(r#""s3cret""#).unwrap_err();
/// assert!(quoting.to_string().contains("s3cret"));
/// let error = DecodeError::from(quoting);
/// assert_eq!(error.to_string(), "not the expected JSON at line 1 column 8 (data)");
/// assert_eq!((error.line(), error.column()), (1, 8));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    line: usize,
    column: usize,
    category: Category,
}

impl DecodeError {
    /// Line of the text, the first being 1; 0 when the place is not known.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Byte within the line, the first being 1; 0 when the place is not known.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        Self {
            line: error.line(),
            column: error.column(),
            category: error.classify(),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let category = match self.category {
            Category::Io => "reading",
            Category::Syntax => "syntax",
            Category::Data => "data",
            Category::Eof => "end of text",
        };
        let Self { line, column, .. } = self;
        write!(
            f,
            "not the expected JSON at line {line} column {column} ({category})"
        )
    }
}

impl std::error::Error for DecodeError {}
