//! Names that Rust allows.

use std::collections::BTreeSet;

/// Keywords, of all editions and reserved ones.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that cannot be raw, and methods that the patch has of its own.
const NEVER: &[&str] = &["self", "super", "crate", "_", "set", "default", "clone"];

/// Letters that both the sites and Rust know: ASCII, and Latin with its accents.
fn letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || (matches!(c, '\u{C0}'..='\u{24F}') && c != '×' && c != '÷')
}

/// `SalesInvoice` of `Sales Invoice`; `fallback` for what has no letters.
pub(super) fn pascal(text: &str, fallback: &str) -> String {
    let mut name = String::new();
    for word in text.split(|c| !letter(c)).filter(|word| !word.is_empty()) {
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        if number && name.ends_with(|c: char| c.is_ascii_digit()) {
            name.push('_');
        } else if number && name.is_empty() {
            name.push('N');
        }
        // `GL` becomes `Gl`, `VoIP` stays.
        let shouted = word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        if shouted {
            name.extend(letters.flat_map(char::to_lowercase));
        } else {
            name.extend(letters);
        }
    }
    if name.is_empty() {
        fallback.to_owned()
    } else {
        name
    }
}

/// The name, with a number when it is taken.
pub(super) fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut number = 2_u32;
    let mut candidate = name.to_owned();
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}{number}");
        number = number.saturating_add(1);
    }
    candidate
}

/// The Rust name of a field, and whether it differs from Frappe's.
pub(super) fn field_ident(fieldname: &str, taken: &mut BTreeSet<String>) -> (String, bool) {
    let mut ident: String = fieldname
        .chars()
        .map(|c| if letter(c) { c } else { '_' })
        .flat_map(char::to_lowercase)
        .collect();
    if ident.is_empty() || ident.starts_with(|c: char| c.is_ascii_digit()) {
        ident.insert_str(0, "field_");
    }
    if NEVER.contains(&ident.as_str()) {
        ident.push('_');
    }
    // The patch has a method `clear_x` for each field `x`.
    let clears = |rest: &str| taken.contains(rest);
    if ident.strip_prefix("clear_").is_some_and(clears) || clears(&format!("clear_{ident}")) {
        ident.push('_');
    }
    let ident = unique(&ident, taken);
    let renamed = ident != fieldname;
    if KEYWORDS.contains(&ident.as_str()) {
        (format!("r#{ident}"), renamed)
    } else {
        (ident, renamed)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{field_ident, pascal, unique};

    #[test]
    fn doctypes_and_options_become_types_and_variants() {
        for (text, name) in [
            ("Sales Invoice", "SalesInvoice"),
            ("GL Entry", "GlEntry"),
            ("ToDo", "ToDo"),
            ("En Route", "EnRoute"),
            ("VoIP ATA", "VoIPAta"),
            ("501-1000", "N501_1000"),
            ("1000+", "N1000"),
            ("Business 24/7", "Business24_7"),
            ("À faire", "ÀFaire"),
            ("+++", "Option"),
            ("完成", "Option"),
        ] {
            assert_eq!(pascal(text, "Option"), name, "{text}");
        }
    }

    #[test]
    fn fields_get_names_that_compile() {
        let mut taken = BTreeSet::new();
        let mut ident = |name| field_ident(name, &mut taken);
        assert_eq!(ident("customer"), ("customer".to_owned(), false));
        assert_eq!(ident("type"), ("r#type".to_owned(), false));
        assert_eq!(ident("self"), ("self_".to_owned(), true));
        assert_eq!(ident("2fa"), ("field_2fa".to_owned(), true));
        assert_eq!(ident("Customer"), ("customer2".to_owned(), true));
        assert_eq!(
            ident("clear_customer"),
            ("clear_customer_".to_owned(), true)
        );
        assert_eq!(ident("a-b"), ("a_b".to_owned(), true));
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut taken = BTreeSet::from(["A".to_owned(), "A2".to_owned()]);
        assert_eq!(unique("A", &mut taken), "A3");
    }
}
