//! What leaves the program: text, colours, exit codes, one-line diagnostics.

use std::error::Error;
use std::fmt;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// How a command ended when nothing went wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    /// Done; the answer is yes.
    Done,
    /// Done; the answer is no.
    No,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::No => Self::from(1),
        }
    }
}

/// Why a command could not do its work: what happened, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    what: String,
    hint: String,
    /// What a script still gets on stdout.
    document: Option<String>,
}

impl Failure {
    /// Bad usage or bad input.
    pub(crate) fn input(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code: 2,
            what: what.into(),
            hint: hint.into(),
            document: None,
        }
    }

    /// The answer is "no", or a remote failed.
    pub(crate) fn remote(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code: 1,
            what: what.into(),
            hint: hint.into(),
            document: None,
        }
    }

    /// Also gives a script its document.
    pub(crate) fn with_document(mut self, document: String) -> Self {
        self.document = Some(document);
        self
    }

    /// Also says what was done before.
    pub(crate) fn after(mut self, done: impl fmt::Display) -> Self {
        self.what = format!("{} ({done})", self.what);
        self
    }

    /// Prints the line and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let line = format!("fsm: {}; {}\n", self.what, self.hint);
        let line = if self.hint.is_empty() {
            format!("fsm: {}\n", self.what)
        } else {
            line
        };
        if let Some(document) = &self.document {
            // The exit code tells already that there is no answer.
            let _ = emit(document);
        }
        // Nowhere is left to complain when stderr is closed.
        let _ = io::stderr().lock().write_all(line.as_bytes());
        ExitCode::from(self.code)
    }
}

/// What HTTP libraries say on the way to the cause, and a reader can do without.
const NOISE: &[&str] = &[
    "the call failed",
    "error sending request",
    "client error (Connect)",
];

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut link = Some(error);
    while let Some(error) = link {
        link = error.source();
        let next = error.to_string();
        // The last one stays whatever it says.
        let noise = link.is_some() && NOISE.iter().any(|noise| next.starts_with(noise));
        if noise || text.contains(&next) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&next);
    }
    text.replace(['\n', '\r'], " ")
}

/// Writes to stdout; a reader that has left (`| head`) is no failure.
pub(crate) fn emit(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::remote(
            format!("cannot write the answer: {error}"),
            "check where stdout goes",
        )),
        _ => Ok(()),
    }
}

/// One JSON document and a line end.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(|error| {
        Failure::input(format!("the answer cannot be written as JSON: {error}"), "")
    })?;
    text.push('\n');
    Ok(text)
}

/// Text from outside as it may be shown on a terminal: control characters, which could move
/// the cursor or change the title, become `�`.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect()
}

/// A colour by meaning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tone {
    Title,
    Good,
    Marginal,
    Bad,
    Quiet,
}

/// Puts colours on text, or leaves it alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Painter {
    on: bool,
}

impl Painter {
    pub(crate) fn new(on: bool) -> Self {
        Self { on }
    }

    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Title => "1",
            Tone::Good => "32",
            Tone::Marginal => "33",
            Tone::Bad => "1;31",
            Tone::Quiet => "2",
        };
        if self.on && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A cell of a table: its text, and the tone it is painted in.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    tone: Option<Tone>,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, tone: None }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            tone: None,
        }
    }
}

impl Cell {
    pub(crate) fn toned(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone: Some(tone),
        }
    }

    /// The cell outside a table.
    pub(crate) fn painted(&self, painter: Painter) -> String {
        self.tone
            .map_or_else(|| self.text.clone(), |tone| painter.paint(tone, &self.text))
    }
}

/// Rows of aligned columns; columns in which every row is empty are left out.
#[derive(Debug, Default)]
pub(crate) struct Table {
    headed: bool,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table under a line of column names.
    pub(crate) fn headed(names: &[&str]) -> Self {
        Self {
            headed: true,
            rows: vec![
                names
                    .iter()
                    .map(|name| Cell::toned(Tone::Quiet, *name))
                    .collect(),
            ],
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Appends the table to a text, two spaces in.
    pub(crate) fn draw(&self, painter: Painter, out: &mut String) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        // A header alone does not keep a column alive.
        let width = |column: usize| {
            let of = |row: &Vec<Cell>| row.get(column).map_or(0, |cell| cell.text.chars().count());
            let body = self
                .rows
                .iter()
                .skip(usize::from(self.headed))
                .map(of)
                .max()
                .unwrap_or(0);
            if body == 0 {
                0
            } else {
                self.rows.iter().map(of).max().unwrap_or(0)
            }
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut line = String::from("  ");
            let mut owed = 0;
            for (cell, width) in row.iter().zip(&widths).filter(|(_, width)| **width > 0) {
                line.extend(std::iter::repeat_n(' ', owed));
                line.push_str(&match cell.tone {
                    Some(tone) => painter.paint(tone, &cell.text),
                    None => cell.text.clone(),
                });
                owed = width.saturating_sub(cell.text.chars().count()) + 2;
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Painter, Table, Tone, clean};

    #[test]
    fn columns_line_up_and_empty_ones_vanish() {
        let mut table = Table::headed(&["NOM", "VIDE", "ADRESSE"]);
        table.row(["Érable".into(), "".into(), "192.0.2.1".into()]);
        table.row(["x".into(), "".into(), Cell::toned(Tone::Good, "192.0.2.20")]);
        let mut out = String::new();
        table.draw(Painter::new(false), &mut out);
        assert_eq!(
            out,
            "  NOM     ADRESSE\n  Érable  192.0.2.1\n  x       192.0.2.20\n"
        );
    }

    #[test]
    fn colours_do_not_shift_columns() {
        let mut table = Table::default();
        table.row([Cell::toned(Tone::Bad, "a"), "b".into()]);
        table.row(["long".into(), "b".into()]);
        let mut out = String::new();
        table.draw(Painter::new(true), &mut out);
        assert_eq!(out, "  \u{1b}[1;31ma\u{1b}[0m     b\n  long  b\n");
    }

    #[test]
    fn a_device_cannot_drive_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\n"), "a\u{FFFD}[2Jb\u{FFFD}");
    }
}
