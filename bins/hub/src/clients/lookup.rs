//! From what a person types into one field to what a client can be found by.

use erpnext_client::DocName;

use super::view::plain;
use crate::devices::Key;

/// Longest text that is looked for, in characters.
pub(super) const MOST_CHARS: usize = 200;
/// Most words of a name that are asked for; more only slow the site down.
const MOST_WORDS: usize = 6;
/// Digits of a telephone number, from the shortest without its area to the longest of E.164.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Everything that a text may be. What it cannot be is empty or absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sought {
    /// Number of a client.
    pub id: Option<DocName>,
    /// Number of an invoice.
    pub invoice: Option<DocName>,
    /// Spellings of a serial number.
    pub serials: Vec<String>,
    /// Spellings of a MAC address.
    pub macs: Vec<String>,
    /// A part of an e-mail address, as the one word of it.
    pub email: Option<[String; 1]>,
    /// A telephone number.
    pub phone: Option<Phone>,
    /// Words of a name, all of which must be in it.
    pub name: Vec<String>,
    /// Words of an address.
    pub place: Option<Place>,
}

/// Digits of a telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phone(String);

impl Phone {
    fn read(text: &str) -> Option<Self> {
        let number = |c: char| c.is_ascii_digit() || "+-(). /".contains(c);
        if !text.chars().all(number) {
            return None;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        PHONE_DIGITS.contains(&digits.len()).then(|| {
            let national = digits.strip_prefix('1').filter(|rest| rest.len() == 10);
            Self(national.map_or_else(|| digits.clone(), str::to_owned))
        })
    }

    /// The groups in which a number is written down, whatever stands between them.
    pub(super) fn groups(&self) -> Vec<&str> {
        let digits = self.0.as_str();
        let cuts: &[usize] = match digits.len() {
            7 => &[3],
            10 => &[3, 6],
            _ => &[],
        };
        let mut groups = Vec::new();
        let mut from = 0;
        for to in cuts.iter().copied().chain([digits.len()]) {
            groups.extend(digits.get(from..to));
            from = to;
        }
        groups
    }

    /// Whether a number, as it was written down, is this one.
    pub(super) fn is_in(&self, written: &str) -> bool {
        let digits: String = written.chars().filter(char::is_ascii_digit).collect();
        digits.contains(&self.0)
    }
}

/// Words of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// All the words, folded: each must be somewhere in the address.
    words: Vec<String>,
    /// The first words of the street, as they were typed: what the site is asked for.
    pub street: Vec<String>,
    /// The whole text, as it may be the name of a town.
    pub town: Vec<String>,
    /// The two halves of a postal code, where there is one.
    pub postal: Option<[String; 2]>,
}

impl Place {
    fn read(words: &[&str]) -> Option<Self> {
        let postal = postal_code(words);
        let rest: Vec<&str> = match &postal {
            None => words.to_vec(),
            Some((_, used)) => words
                .iter()
                .enumerate()
                .filter(|(at, _)| !used.contains(at))
                .map(|(_, word)| *word)
                .collect(),
        };
        let owned = |words: &[&str], most: usize| -> Vec<String> {
            words
                .iter()
                .take(most)
                .map(|word| (*word).to_owned())
                .collect()
        };
        let place = Self {
            words: rest.iter().map(|word| fold(word)).collect(),
            street: owned(&rest, 2),
            town: owned(&rest, MOST_WORDS),
            postal: postal.map(|(code, _)| code),
        };
        (!place.words.is_empty() || place.postal.is_some()).then_some(place)
    }

    /// Whether an address has all the words in it: the site was asked for some of them alone.
    pub(super) fn is_in(&self, address: &[&str]) -> bool {
        let folded = fold(&address.join(" "));
        self.words.iter().all(|word| folded.contains(word.as_str()))
    }
}

/// The halves of a Canadian postal code, and which words it takes.
fn postal_code(words: &[&str]) -> Option<([String; 2], Vec<usize>)> {
    let shape = |text: &str, letters: [bool; 3]| {
        text.len() == 3
            && text.chars().zip(letters).all(|(c, letter)| {
                if letter {
                    c.is_ascii_alphabetic()
                } else {
                    c.is_ascii_digit()
                }
            })
    };
    let first = |text: &str| shape(text, [true, false, true]);
    let second = |text: &str| shape(text, [false, true, false]);
    let upper = str::to_ascii_uppercase;
    for (at, word) in words.iter().enumerate() {
        let joined: String = word.chars().filter(|c| *c != '-').collect();
        if joined.len() == 6
            && let (Some(a), Some(b)) = (joined.get(..3), joined.get(3..))
            && first(a)
            && second(b)
        {
            return Some(([upper(a), upper(b)], vec![at]));
        }
        if first(word)
            && let Some(next) = words.get(at + 1)
            && second(next)
        {
            return Some(([upper(word), upper(next)], vec![at, at + 1]));
        }
    }
    None
}

/// A text without case and accents, as the site compares.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
            'ç' => 'c',
            'è' | 'é' | 'ê' | 'ë' => 'e',
            'ì' | 'í' | 'î' | 'ï' => 'i',
            'ñ' => 'n',
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
            'ù' | 'ú' | 'û' | 'ü' => 'u',
            'ý' | 'ÿ' => 'y',
            '’' => '\'',
            'œ' | 'æ' | 'ß' => {
                out.push_str(match c {
                    'œ' => "oe",
                    'æ' => "ae",
                    _ => "ss",
                });
                continue;
            }
            // A mark of its own after its letter.
            '\u{300}'..='\u{36f}' => continue,
            other => other,
        };
        out.push(plain);
    }
    out
}

impl Sought {
    /// Reads a text; none where nothing is left of it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = plain(text);
        let words: Vec<&str> = text
            .split([' ', ',', ';', '\u{a0}'])
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            return None;
        }
        let single = !text.contains([' ', ',', ';', '\u{a0}']);
        let mut sought = Self {
            id: DocName::new(&text).ok(),
            ..Self::default()
        };
        if single && text.contains('@') {
            sought.email = Some([text]);
            return Some(sought);
        }
        if single && text.chars().any(|c| c.is_ascii_digit()) {
            sought.invoice.clone_from(&sought.id);
            sought.number(&text);
        }
        sought.phone = Phone::read(&text);
        // A number that can be dialled or that is on a sticker names nobody and no street.
        if sought.phone.is_none() && sought.macs.is_empty() {
            sought.name = words
                .iter()
                .take(MOST_WORDS)
                .map(|word| (*word).to_owned())
                .collect();
            sought.place = Place::read(&words);
        }
        Some(sought)
    }

    /// The spellings of what may be on a sticker.
    fn number(&mut self, text: &str) {
        for key in Key::guess(text) {
            match key {
                Key::Serial(serial) => self.serials = Key::serial_spellings(&serial),
                Key::Mac(mac) => {
                    let colons = mac.to_string();
                    let bare = colons.replace(':', "");
                    let dashes = colons.replace(':', "-");
                    self.macs = vec![colons, bare, dashes];
                }
                Key::Ip(_) => {}
            }
        }
    }

    /// Whether what was typed is a number of something, not a name: then the one client that it
    /// means is shown at once.
    pub(super) fn is_number(&self) -> bool {
        self.invoice.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Sought {
        Sought::read(text).unwrap()
    }

    #[test]
    fn a_telephone_number_is_its_digits_in_any_dress() {
        for text in [
            "450 555-0142",
            "(450) 555-0142",
            "4505550142",
            "+1 450.555.0142",
            "1-450-555-0142",
        ] {
            let phone = read(text).phone.unwrap();
            assert_eq!(phone.groups(), ["450", "555", "0142"], "{text}");
            assert!(phone.is_in("+1-4505550142") && !phone.is_in("450 555-0143"));
            assert!(read(text).name.is_empty(), "{text}");
        }
        assert_eq!(read("555-0142").phone.unwrap().groups(), ["555", "0142"]);
        // A civic number is not a telephone number.
        assert_eq!(read("1867").phone, None);
        assert_eq!(read("1867").name, ["1867"]);
    }

    #[test]
    fn stickers_are_read_in_every_spelling() {
        let gpon = read("TPLGAB12CD34").serials;
        assert!(gpon.contains(&"54504C47AB12CD34".to_owned()), "{gpon:?}");
        let mac = read("5c-62-8b-a1-b2-c3");
        assert_eq!(
            mac.macs,
            ["5C:62:8B:A1:B2:C3", "5C628BA1B2C3", "5C-62-8B-A1-B2-C3"]
        );
        assert!(mac.name.is_empty());
        assert!(read("Tremblay").serials.is_empty());
        assert!(read("Tremblay").invoice.is_none() && !read("Tremblay").is_number());
        assert!(read("SINV-2026-11871").is_number());
    }

    #[test]
    fn an_address_is_asked_for_in_part_and_checked_whole() {
        let place = read("1867, chemin de la Rivière, Sainte-Clotilde J0L 1W0")
            .place
            .unwrap();
        assert_eq!(place.street, ["1867", "chemin"]);
        assert_eq!(place.postal, Some(["J0L".to_owned(), "1W0".to_owned()]));
        let right = ["1867, chemin de la Riviere", "SAINTE-CLOTILDE", "J0L 1W0"];
        assert!(place.is_in(&right));
        assert!(!place.is_in(&["1867, chemin de la Montagne", "Sainte-Clotilde", "J0L 1W0"]));
        for text in ["j0l1w0", "J0L-1W0", "j0l 1w0"] {
            let place = read(text).place.unwrap();
            assert_eq!(
                place.postal,
                Some(["J0L".to_owned(), "1W0".to_owned()]),
                "{text}"
            );
            assert!(place.street.is_empty());
        }
        assert_eq!(
            fold("ÉLODIE Co\u{302}te\u{301}-Bélanger"),
            "elodie cote-belanger"
        );
    }

    #[test]
    fn an_e_mail_address_is_nothing_else() {
        let sought = read("Roy@Example.ca");
        assert_eq!(sought.email, Some(["Roy@Example.ca".to_owned()]));
        assert!(sought.name.is_empty() && sought.place.is_none() && sought.serials.is_empty());
        assert_eq!(Sought::read(" \u{a0}\u{202e} , "), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,220}") {
            if let Some(sought) = Sought::read(&text) {
                prop_assert!(sought.name.len() <= MOST_WORDS);
            }
        }
    }
}
