//! How an event looks on the wire: the event stream format of the HTML standard, § 9.2.

use std::fmt::Write as _;
use std::ops::Range;

use bytes::Bytes;

use crate::EventName;
use crate::id::{Epoch, Position};

/// An event as it is sent, and where in it the data stands when it stands there unchanged.
pub(crate) fn event(
    epoch: &Epoch,
    (milliseconds, number): Position,
    name: &EventName,
    data: &str,
) -> (Bytes, Option<Range<usize>>) {
    let mut frame = String::with_capacity(data.len() + name.as_str().len() + 80);
    // Writing to a string cannot fail.
    let _ = write!(
        frame,
        "id: {epoch}.{milliseconds}-{number}\nevent: {name}\n"
    );
    let whole = put_data(&mut frame, data);
    frame.push('\n');
    (Bytes::from(frame), whole)
}

/// One `data:` line for each line of the text, whatever it calls the end of one. A client puts
/// them together again with `\n` between.
fn put_data(frame: &mut String, data: &str) -> Option<Range<usize>> {
    frame.push_str("data: ");
    let start = frame.len();
    let mut rest = data;
    let mut lines = 1;
    while let Some((line, after)) = rest.split_once(['\r', '\n']) {
        let ended_by_cr = rest.as_bytes().get(line.len()) == Some(&b'\r');
        let after = match after.strip_prefix('\n') {
            Some(after) if ended_by_cr => after,
            _ => after,
        };
        frame.push_str(line);
        frame.push_str("\ndata: ");
        lines += 1;
        rest = after;
    }
    frame.push_str(rest);
    let end = frame.len();
    frame.push('\n');
    (lines == 1).then_some(start..end)
}

/// The first bytes of a stream: how long to wait before coming back, and from where.
pub(crate) fn greeting(retry_ms: u64, from: Option<(&Epoch, Position)>) -> String {
    let mut text = format!(": welcome\nretry: {retry_ms}\n");
    put_id(&mut text, from);
    text.push('\n');
    text
}

/// The event that says: what you know may have gaps, fetch again.
pub(crate) fn reset(text: &mut String, epoch: &Epoch, at: Position) {
    put_id(text, Some((epoch, at)));
    text.push_str("event: reset\ndata: {}\n\n");
}

/// A sign of life. The id lets a reader of a quiet topic come back without a reset.
pub(crate) fn ping(from: Option<(&Epoch, Position)>) -> Bytes {
    let mut text = ": ping\n".to_owned();
    put_id(&mut text, from);
    text.push('\n');
    Bytes::from(text)
}

fn put_id(text: &mut String, id: Option<(&Epoch, Position)>) {
    if let Some((epoch, (milliseconds, number))) = id {
        let _ = writeln!(text, "id: {epoch}.{milliseconds}-{number}");
    }
}

#[cfg(test)]
mod tests {
    use super::put_data;

    fn encoded(data: &str) -> String {
        let mut frame = String::new();
        put_data(&mut frame, data);
        frame
    }

    #[test]
    fn every_end_of_line_becomes_a_line_of_data() {
        assert_eq!(encoded("a"), "data: a\n");
        assert_eq!(encoded(""), "data: \n");
        assert_eq!(encoded("a\nb"), "data: a\ndata: b\n");
        assert_eq!(encoded("a\r\nb"), "data: a\ndata: b\n");
        assert_eq!(encoded("a\rb"), "data: a\ndata: b\n");
        assert_eq!(encoded("a\n\rb"), "data: a\ndata: \ndata: b\n");
        assert_eq!(encoded("a\r"), "data: a\ndata: \n");
    }
}
