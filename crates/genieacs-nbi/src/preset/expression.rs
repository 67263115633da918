//! The expression language of preconditions and settings: whether a text is of it.

use crate::error::Error;

const MAX_DEPTH: usize = 64;
const MAX_LEN: usize = 64 * 1024;
const MAX_STEPS: u32 = 20_000;

/// Checks that a text is an expression GenieACS 1.2 can parse.
///
/// Operators from loosest to tightest: `OR`; `AND`; one `NOT`; `= <> < <= > >=`, `[NOT] LIKE … [ESCAPE
/// …]`, `IS [NOT] NULL`; `||`; `+ -`; `* / %`. Values: parameters (`Tags.x`, `DeviceID.OUI`,
/// `Device.{expr}.X`), numbers, `'text'`, `"text"`, `TRUE`, `FALSE`, `NULL`, `FUNC(…)`,
/// `CASE WHEN … THEN … ELSE … END`.
///
/// # Errors
/// [`Error::Invalid`] when it is not.
///
/// # Examples
/// ```
/// use genieacs_nbi::check_expression;
///
/// check_expression("NOW() - DATE_STRING(Events.Inform) > 86400 AND NOT Tags.test IS NULL")?;
/// assert!(check_expression("(a = 1").is_err());
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
pub fn check_expression(text: &str) -> Result<(), Error> {
    const WHAT: &str = "expression";
    if text.len() > MAX_LEN {
        return Err(Error::invalid(WHAT, "is longer than 64 KiB"));
    }
    let mut parser = Parser {
        rest: text,
        depth: 0,
        steps: 0,
    };
    match parser.expression() {
        Some(()) if parser.rest.is_empty() => Ok(()),
        _ => Err(Error::invalid(WHAT, "does not parse")),
    }
}

/// Parses by recursive descent with the ordered choices of the server's grammar. `None` is "no
/// match"; callers that try alternatives put `rest` back.
struct Parser<'a> {
    rest: &'a str,
    depth: usize,
    /// Expressions begun: the ordered choices would take exponential time on hostile text.
    steps: u32,
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'a> Parser<'a> {
    fn space(&mut self) {
        self.rest = self
            .rest
            .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    }

    /// A literal, and blanks after it.
    fn token(&mut self, text: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        self.space();
        Some(())
    }

    /// A keyword of any case that no word character follows, and blanks after it.
    fn keyword(&mut self, word: &str) -> Option<()> {
        let head = self.rest.get(..word.len())?;
        let tail = self.rest.get(word.len()..)?;
        if !head.eq_ignore_ascii_case(word) || tail.starts_with(is_word) {
            return None;
        }
        self.rest = tail;
        self.space();
        Some(())
    }

    /// Keywords with at least one blank between them.
    fn keywords(&mut self, words: &[&str]) -> Option<()> {
        let before = self.rest;
        let all = words.iter().all(|word| self.keyword(word).is_some());
        if all {
            return Some(());
        }
        self.rest = before;
        None
    }

    fn attempt(&mut self, parse: impl FnOnce(&mut Self) -> Option<()>) -> bool {
        let before = (self.rest, self.depth);
        if parse(self).is_some() {
            return true;
        }
        (self.rest, self.depth) = before;
        false
    }

    fn expression(&mut self) -> Option<()> {
        self.depth += 1;
        self.steps += 1;
        if self.depth > MAX_DEPTH || self.steps > MAX_STEPS {
            return None;
        }
        self.space();
        self.conjunction()?;
        while self.attempt(|p| {
            p.keyword("or")?;
            p.conjunction()
        }) {}
        self.space();
        self.depth -= 1;
        Some(())
    }

    fn conjunction(&mut self) -> Option<()> {
        self.negation()?;
        while self.attempt(|p| {
            p.keyword("and")?;
            p.negation()
        }) {}
        Some(())
    }

    fn negation(&mut self) -> Option<()> {
        if self.attempt(|p| {
            p.keyword("not")?;
            p.comparison()
        }) {
            return Some(());
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Option<()> {
        self.value_expression()?;
        if self.keywords(&["is", "null"]).is_some()
            || self.keywords(&["is", "not", "null"]).is_some()
        {
            return Some(());
        }
        // What does not complete a comparison is left over, and refused by whoever reads on.
        let _ = self.attempt(|p| {
            ["<>", ">=", "<=", "=", ">", "<"]
                .iter()
                .any(|op| p.token(op).is_some())
                .then_some(())?;
            p.value_expression()
        }) || self.attempt(|p| {
            if p.keywords(&["not", "like"]).is_none() {
                p.keyword("like")?;
            }
            p.value_expression()?;
            let _ = p.attempt(|p| {
                p.keyword("escape")?;
                p.value_expression()
            });
            Some(())
        });
        Some(())
    }

    fn value_expression(&mut self) -> Option<()> {
        self.value()?;
        // Precedence does not matter to whether it parses.
        while self.attempt(|p| {
            ["||", "+", "-", "*", "/", "%"]
                .iter()
                .any(|op| p.token(op).is_some())
                .then_some(())?;
            p.value()
        }) {}
        Some(())
    }

    fn value(&mut self) -> Option<()> {
        for alternative in [
            Self::constant,
            Self::number,
            Self::sql_string,
            Self::js_string,
            Self::function,
            Self::case,
            Self::parameter,
            Self::parenthesised,
        ] {
            if self.attempt(alternative) {
                return Some(());
            }
        }
        None
    }

    fn constant(&mut self) -> Option<()> {
        ["null", "true", "false"]
            .iter()
            .any(|word| self.keyword(word).is_some())
            .then_some(())
    }

    fn digits(&mut self) -> Option<&'a str> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!digits.is_empty()).then_some(digits)
    }

    fn number(&mut self) -> Option<()> {
        self.rest = self.rest.strip_prefix('-').unwrap_or(self.rest);
        // A zero stands alone: `012` is a parameter.
        if let Some(rest) = self.rest.strip_prefix('0') {
            self.rest = rest;
        } else {
            self.digits()?;
        }
        let _ = self.attempt(|p| {
            p.rest = p.rest.strip_prefix('.')?;
            p.digits().map(drop)
        });
        let _ = self.attempt(|p| {
            p.rest = p.rest.strip_prefix(['e', 'E'])?;
            p.rest = p.rest.strip_prefix(['+', '-']).unwrap_or(p.rest);
            p.digits().map(drop)
        });
        if self.rest.starts_with(is_word) {
            return None;
        }
        self.space();
        Some(())
    }

    fn sql_string(&mut self) -> Option<()> {
        let mut any = false;
        while let Some(rest) = self.rest.strip_prefix('\'') {
            let (_, after) = rest.split_once('\'')?;
            self.rest = after;
            any = true;
        }
        self.space();
        any.then_some(())
    }

    fn js_string(&mut self) -> Option<()> {
        let rest = self.rest.strip_prefix('"')?;
        let mut escaped = false;
        for (at, c) in rest.char_indices() {
            match c {
                // A JavaScript `.` matches no line terminator.
                '\n' | '\r' | '\u{2028}' | '\u{2029}' => return None,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    self.rest = rest.get(at + 1..)?;
                    self.space();
                    return Some(());
                }
                _ => {}
            }
        }
        None
    }

    fn function(&mut self) -> Option<()> {
        let end = self
            .rest
            .find(|c: char| !is_word(c))
            .unwrap_or(self.rest.len());
        if end == 0 {
            return None;
        }
        self.rest = self.rest.get(end..)?;
        self.space();
        self.token("(")?;
        if self.attempt(|p| p.token(")")) {
            return Some(());
        }
        self.expression()?;
        while self.attempt(|p| {
            p.token(",")?;
            p.expression()
        }) {}
        self.token(")")
    }

    fn case(&mut self) -> Option<()> {
        self.keyword("case")?;
        while self.attempt(|p| {
            p.keyword("when")?;
            p.expression()?;
            p.keyword("then")?;
            p.expression()
        }) {}
        let _ = self.attempt(|p| {
            p.keyword("else")?;
            p.expression()
        });
        self.keyword("end")
    }

    fn parameter(&mut self) -> Option<()> {
        let mut any = false;
        loop {
            let end = self
                .rest
                .find(|c: char| !(is_word(c) || matches!(c, '.' | '*' | '-')))
                .unwrap_or(self.rest.len());
            if end > 0 {
                self.rest = self.rest.get(end..)?;
                any = true;
                continue;
            }
            let inner = self.attempt(|p| {
                p.token("{")?;
                p.expression()?;
                p.rest = p.rest.strip_prefix('}')?;
                Some(())
            });
            if !inner {
                break;
            }
            any = true;
        }
        self.space();
        any.then_some(())
    }

    fn parenthesised(&mut self) -> Option<()> {
        self.token("(")?;
        self.expression()?;
        self.token(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_parses() {
        for good in [
            "Tags.test IS NOT NULL AND DeviceID.OUI = \"1C61B4\"",
            "a",
            "true",
            "NOT a = 1",
            "a = 1 OR (b <> 'it''s' AND c LIKE 'x%' ESCAPE '!')",
            "a NOT LIKE \"x\\\"y\"",
            "Device.{FOO(1, 2)}.X >= -1.5e3",
            "CASE WHEN a THEN b WHEN c THEN d ELSE e END = 1",
            "a || 'x' + 1 * 2 % 3 = 4",
            "  a  ",
            "NOW() - 1 < 5",
            "012 = 1",
            "a is null",
        ] {
            assert!(check_expression(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_it_does_not() {
        for bad in [
            "",
            " ",
            "a =",
            "a == 1",
            "(a",
            "a)",
            "\"open",
            "a AND",
            "NOT NOT a",
            "a IS",
            "a isnull",
            "FOO(1,)",
            "a b",
            "a = 1 = 2",
            "{",
            "a; b",
            "CASE WHEN a THEN",
            "'open",
        ] {
            assert!(check_expression(bad).is_err(), "{bad:?}");
        }
        assert!(check_expression(&"(".repeat(100_000)).is_err());
    }
}
