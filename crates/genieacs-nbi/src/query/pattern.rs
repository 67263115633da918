//! Which regular expressions may reach the server.
//!
//! A pattern that JavaScript or the database refuses crashes a worker. This accepts the part of the
//! syntax on which both agree, and refuses the rest; what it accepts compiles in both.

/// Longest pattern the database takes is 16 KiB; the URL ends long before.
const MAX_LEN: usize = 8 * 1024;
const MAX_DEPTH: usize = 50;
/// The database refuses larger repetition counts.
const MAX_REPEAT: u32 = 1000;

/// Checks a pattern; the error says what is wrong with it.
pub(crate) fn check(pattern: &str) -> Result<(), &'static str> {
    if pattern.len() > MAX_LEN {
        return Err("a pattern is longer than 8 KiB");
    }
    if pattern.contains('\0') {
        return Err("a pattern holds a NUL character");
    }
    let mut parser = Parser {
        chars: pattern.chars().peekable(),
        depth: 0,
        repeats: 1,
    };
    parser.alternation()?;
    match parser.chars.next() {
        None => Ok(()),
        Some(_) => Err("a pattern closes a group it has not opened"),
    }
}

/// The pattern that matches `text` and nothing else.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c == '\0' {
            out.push_str("\\x00");
            continue;
        }
        if "\\^$.|?*+()[]{}/".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

struct Parser<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
    depth: usize,
    /// Product of all repetition counts: nested ones multiply.
    repeats: u64,
}

impl Parser<'_> {
    fn alternation(&mut self) -> Result<(), &'static str> {
        loop {
            self.sequence()?;
            if self.chars.next_if_eq(&'|').is_none() {
                return Ok(());
            }
        }
    }

    fn sequence(&mut self) -> Result<(), &'static str> {
        while let Some(&c) = self.chars.peek() {
            let repeatable = match c {
                '|' | ')' => return Ok(()),
                '*' | '+' | '?' => return Err("a pattern repeats nothing"),
                '{' | '}' | ']' => {
                    return Err("a pattern has a bracket or brace that is not escaped");
                }
                '^' | '$' => {
                    self.chars.next();
                    false
                }
                '(' => {
                    self.chars.next();
                    self.group()?
                }
                '[' => {
                    self.chars.next();
                    self.class()?;
                    true
                }
                '\\' => {
                    self.chars.next();
                    self.escape()?
                }
                _ => {
                    self.chars.next();
                    true
                }
            };
            self.quantifier(repeatable)?;
        }
        Ok(())
    }

    /// Reads `…)` after `(`; tells whether it may be repeated.
    fn group(&mut self) -> Result<bool, &'static str> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("a pattern nests too deeply");
        }
        if self.chars.next_if_eq(&'?').is_some() {
            match self.chars.next() {
                Some(':') => {}
                _ => return Err("a pattern has a kind of group that is not portable"),
            }
        }
        self.alternation()?;
        self.depth -= 1;
        match self.chars.next() {
            Some(')') => Ok(true),
            _ => Err("a pattern leaves a group open"),
        }
    }

    fn class(&mut self) -> Result<(), &'static str> {
        self.chars.next_if_eq(&'^');
        let mut any = false;
        loop {
            let Some(low) = self.class_item()? else {
                return if any {
                    Ok(())
                } else {
                    Err("a pattern has an empty class")
                };
            };
            any = true;
            if self.chars.next_if_eq(&'-').is_some() {
                // `--` is an operator to some engines.
                if low == Some('-') || self.chars.peek() == Some(&'-') {
                    return Err("a pattern has a class with `--`");
                }
                match self.class_item()? {
                    // `[a-]`: the hyphen stands for itself.
                    None => return Ok(()),
                    Some(high) => match (low, high) {
                        (Some(low), Some(high)) if low <= high => {}
                        _ => return Err("a pattern has a class range that is not in order"),
                    },
                }
            }
        }
    }

    /// One item of a class: `None` at its end, `Some(None)` for a set such as `\d`.
    fn class_item(&mut self) -> Result<Option<Option<char>>, &'static str> {
        match self.chars.next() {
            None => Err("a pattern leaves a class open"),
            Some(']') => Ok(None),
            // POSIX classes mean something to one side only.
            Some('[') => Err("a pattern has `[` inside a class"),
            Some('&' | '~') => Err("a pattern has `&` or `~` in a class without an escape"),
            Some('\\') => match self.chars.next() {
                Some('d' | 'D' | 'w' | 'W' | 's' | 'S') => Ok(Some(None)),
                Some('n' | 'r' | 't' | 'f') => Ok(Some(None)),
                Some('x') => self.hex2().map(|c| Some(Some(c))),
                Some(c) if c.is_ascii_punctuation() && c != '<' && c != '>' => Ok(Some(Some(c))),
                _ => Err("a pattern has an escape that is not portable"),
            },
            Some(c) => Ok(Some(Some(c))),
        }
    }

    fn escape(&mut self) -> Result<bool, &'static str> {
        match self.chars.next() {
            Some('d' | 'D' | 'w' | 'W' | 's' | 'S' | 'n' | 'r' | 't' | 'f') => Ok(true),
            Some('b' | 'B') => Ok(false),
            Some('x') => self.hex2().map(|_| true),
            // `\\<` is a word boundary to some engines.
            Some(c) if c.is_ascii_punctuation() && c != '<' && c != '>' => Ok(true),
            Some(_) => Err("a pattern has an escape that is not portable"),
            None => Err("a pattern ends in a backslash"),
        }
    }

    fn hex2(&mut self) -> Result<char, &'static str> {
        let mut code = 0;
        for _ in 0..2 {
            let digit = self
                .chars
                .next()
                .and_then(|c| c.to_digit(16))
                .ok_or("a pattern has `\\x` without two digits")?;
            code = code * 16 + digit;
        }
        char::from_u32(code).ok_or("a pattern has an escape that is not portable")
    }

    fn quantifier(&mut self, repeatable: bool) -> Result<(), &'static str> {
        match self.chars.peek() {
            Some('*' | '+' | '?') => {
                self.chars.next();
            }
            Some('{') => {
                self.chars.next();
                let low = self
                    .count()?
                    .ok_or("a pattern has a brace that is not a repetition")?;
                let high = if self.chars.next_if_eq(&',').is_some() {
                    self.count()?
                } else {
                    Some(low)
                };
                if self.chars.next() != Some('}') {
                    return Err("a pattern has a brace that is not a repetition");
                }
                self.repeats = self
                    .repeats
                    .saturating_mul(high.unwrap_or(low).max(1).into());
                if self.repeats > MAX_REPEAT.into() {
                    return Err("a pattern repeats more than 1000 times");
                }
                if high.is_some_and(|high| high < low) {
                    return Err("a pattern has a repetition that is not in order");
                }
            }
            _ => return Ok(()),
        }
        if !repeatable {
            return Err("a pattern repeats an anchor");
        }
        self.chars.next_if_eq(&'?');
        Ok(())
    }

    fn count(&mut self) -> Result<Option<u32>, &'static str> {
        let mut count: Option<u32> = None;
        while let Some(digit) = self.chars.peek().and_then(|c| c.to_digit(10)) {
            self.chars.next();
            let next = count.unwrap_or(0) * 10 + digit;
            if next > MAX_REPEAT {
                return Err("a pattern repeats more than 1000 times");
            }
            count = Some(next);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_compiles_on_both_sides() {
        for good in [
            "",
            "^a.*b$",
            "[a-z0-9_-]+",
            "(?:a|b){1,3}?",
            "\\d+\\.\\d",
            "a|",
            "[^]x]",
        ] {
            let expected = good != "[^]x]";
            assert_eq!(check(good).is_ok(), expected, "{good}");
        }
    }

    #[test]
    fn what_would_crash_a_worker() {
        for bad in [
            "(",
            ")",
            "[",
            "a**",
            "*a",
            "a{2,1}",
            "[z-a]",
            "\\",
            "(?<n>a)",
            "a\0",
            "{",
            "+",
            "(?i)a",
            "\\1",
            "x(?!y)",
            "(a{1000}){1000}",
            "[+--]",
            "\\<",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_escaped_text_is_a_good_pattern() {
        assert_eq!(escape("a.b*(c)"), "a\\.b\\*\\(c\\)");
        for text in ["\\", "[]{}()", "a\0b", "é/ü", "-"] {
            assert!(check(&escape(text)).is_ok(), "{text:?}");
        }
    }
}
