//! `multipart/form-data` (RFC 7578) around one file.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

/// What stands before and after the content of the file.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) content_type: String,
    pub(super) head: String,
    pub(super) tail: String,
}

impl Frame {
    /// A frame of fields and the part `file`.
    pub(super) fn new(fields: &[(&str, String)], file_name: &str, content_type: &str) -> Self {
        // 128 bits nobody can foresee: the content cannot hold it.
        let (a, b) = (RandomState::new(), RandomState::new());
        Self::with_boundary(
            &format!(
                "erpnext-client-{:016x}{:016x}",
                a.hash_one(1),
                b.hash_one(2)
            ),
            fields,
            file_name,
            content_type,
        )
    }

    fn with_boundary(
        boundary: &str,
        fields: &[(&str, String)],
        file_name: &str,
        content_type: &str,
    ) -> Self {
        let mut head = String::new();
        for (name, value) in fields {
            let _ = write!(
                head,
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        let _ = write!(
            head,
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {content_type}\r\n\r\n",
            quoted(file_name)
        );
        Self {
            content_type: format!("multipart/form-data; boundary={boundary}"),
            head,
            tail: format!("\r\n--{boundary}--\r\n"),
        }
    }
}

/// A name between quotes as browsers write it: UTF-8, and three characters escaped (RFC 7578
/// §4.2 and the HTML standard).
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_is_what_the_standard_says() {
        let fields = [
            ("is_private", "1".to_owned()),
            ("folder", "Home".to_owned()),
        ];
        let frame = Frame::with_boundary("B", &fields, "a\"é\r\n.pdf", "application/pdf");
        assert_eq!(
            format!("{}…{}", frame.head, frame.tail),
            "--B\r\nContent-Disposition: form-data; name=\"is_private\"\r\n\r\n1\r\n\
             --B\r\nContent-Disposition: form-data; name=\"folder\"\r\n\r\nHome\r\n\
             --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22é%0D%0A.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n…\r\n--B--\r\n"
        );
        assert_eq!(frame.content_type, "multipart/form-data; boundary=B");
    }

    #[test]
    fn no_two_boundaries_are_the_same() {
        let one = Frame::new(&[], "a", "b");
        assert_ne!(one.content_type, Frame::new(&[], "a", "b").content_type);
    }
}
