//! Every pair of colours that carries meaning, in both themes.

use ui_kit::{Rgb, token};

fn both(name: &str) -> [Rgb; 2] {
    let token = token(name).unwrap();
    [token.light, token.dark]
}

/// Text needs 4.5, edges and rings 3 (WCAG 2.2, 1.4.3 and 1.4.11).
const PAIRS: &[(&str, &str, f64)] = &[
    ("ink", "surface", 4.5),
    ("ink", "bg", 4.5),
    ("ink", "raised", 4.5),
    ("ink", "sunken", 4.5),
    ("ink", "select", 4.5),
    ("ink-2", "surface", 4.5),
    ("ink-2", "bg", 4.5),
    ("ink-2", "sunken", 4.5),
    ("ink-2", "select", 4.5),
    ("ink-2", "raised", 4.5),
    ("ink-3", "surface", 4.5),
    ("ink-3", "bg", 4.5),
    ("ink-3", "raised", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "bg", 4.5),
    ("accent-hover", "surface", 4.5),
    ("accent-on", "accent", 4.5),
    ("accent-on", "accent-hover", 4.5),
    ("accent-ink", "accent-soft", 4.5),
    ("ok", "surface", 4.5),
    ("ok-ink", "ok-soft", 4.5),
    ("warn", "surface", 4.5),
    ("warn-ink", "warn-soft", 4.5),
    ("bad", "surface", 4.5),
    ("bad", "bg", 4.5),
    ("bad-ink", "bad-soft", 4.5),
    ("idle", "surface", 4.5),
    ("idle-ink", "idle-soft", 4.5),
    ("bg", "ink", 4.5),
    ("line-strong", "surface", 3.0),
    ("line-strong", "bg", 3.0),
    ("focus", "surface", 3.0),
    ("focus", "bg", 3.0),
    ("focus", "raised", 3.0),
    ("ok", "ok-soft", 3.0),
    ("warn", "warn-soft", 3.0),
    ("bad", "bad-soft", 3.0),
];

#[test]
fn every_pair_is_readable_in_both_themes() {
    for (front, back, least) in PAIRS {
        for (front_color, back_color) in both(front).into_iter().zip(both(back)) {
            let ratio = front_color.contrast(back_color);
            assert!(
                ratio >= *least,
                "{front} {front_color} on {back} {back_color}: {ratio:.2} < {least}"
            );
        }
    }
}

#[test]
fn the_ratios_are_those_of_the_design() {
    let cases = [
        ("ink", "surface", 17.60, 14.60),
        ("ink-2", "surface", 7.86, 9.02),
        ("ink-3", "surface", 5.46, 6.44),
        ("accent", "surface", 6.02, 6.83),
        ("accent-on", "accent", 6.02, 7.24),
        ("accent-ink", "accent-soft", 7.28, 8.45),
        ("ok", "surface", 5.71, 8.05),
        ("ok-ink", "ok-soft", 6.96, 8.60),
        ("warn", "surface", 5.22, 8.28),
        ("warn-ink", "warn-soft", 6.82, 8.70),
        ("bad", "surface", 5.91, 6.66),
        ("bad-ink", "bad-soft", 7.24, 8.29),
        ("idle-ink", "idle-soft", 7.05, 7.99),
        ("line-strong", "surface", 3.31, 4.07),
        ("line-strong", "bg", 3.09, 4.41),
        ("focus", "surface", 6.02, 8.52),
    ];
    let mut wrong = Vec::new();
    for (front, back, light, dark) in cases {
        for ((front_color, back_color), expected) in
            both(front).into_iter().zip(both(back)).zip([light, dark])
        {
            let ratio = front_color.contrast(back_color);
            if (ratio - expected).abs() > 0.06 {
                wrong.push(format!("{front} on {back}: {ratio:.2}, not {expected}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
