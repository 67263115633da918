use std::collections::BTreeMap;

use html5gum::{Token, Tokenizer};

/// An element of a parsed page.
///
/// # Examples
///
/// ```
/// use ui_kit::testing::Document;
///
/// let document = Document::parse("<p id=\"a\">Bon<b>jour</b></p>");
/// let p = document.by_id("a").expect("it is there");
/// assert_eq!((p.name.as_str(), p.text.as_str()), ("p", "Bonjour"));
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Element {
    /// Name, in lower case.
    pub name: String,
    /// Attributes, by name in lower case.
    pub attributes: BTreeMap<String, String>,
    /// All the text inside, entities decoded.
    pub text: String,
    /// Index of the parent among the elements of the document.
    pub parent: Option<usize>,
}

impl Element {
    /// Value of an attribute.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::testing::Document;
    ///
    /// let document = Document::parse("<a href=/ops>x</a>");
    /// assert_eq!(document.elements()[0].attribute("href"), Some("/ops"));
    /// ```
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// Whether one of its classes has this name.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::testing::Document;
    ///
    /// assert!(Document::parse("<i class='a b'></i>").elements()[0].has_class("b"));
    /// ```
    #[must_use]
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class")
            .is_some_and(|list| list.split_ascii_whitespace().any(|name| name == class))
    }
}

/// A parsed page: its elements in the order of the source.
///
/// # Examples
///
/// ```
/// use ui_kit::testing::Document;
///
/// assert_eq!(Document::parse("<ul><li>1<li>2</ul>").named("li").count(), 2);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Document {
    elements: Vec<Element>,
    texts: Vec<(Option<usize>, String)>,
    slips: Vec<String>,
}

const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

impl Document {
    /// Parses a page or a part of one.
    ///
    /// # Examples
    ///
    /// ```
    /// let document = ui_kit::testing::Document::parse("<p>a</p>");
    /// assert_eq!(document.elements().len(), 1);
    /// ```
    #[must_use]
    pub fn parse(html: &str) -> Self {
        let mut document = Self::default();
        let mut open: Vec<usize> = Vec::new();
        for token in Tokenizer::new(html) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => document.start(&tag, &mut open),
                Token::EndTag(tag) => document.end(&String::from_utf8_lossy(&tag.name), &mut open),
                Token::String(text) => document.text(&String::from_utf8_lossy(&text), &open),
                Token::Error(error) => document.slips.push(format!("not HTML: {}", error.value)),
                Token::Comment(_) | Token::Doctype(_) => {}
            }
        }
        for index in open {
            if let Some(element) = document.elements.get(index) {
                document
                    .slips
                    .push(format!("<{}> is never closed", element.name));
            }
        }
        document
    }

    fn start(&mut self, tag: &html5gum::StartTag<()>, open: &mut Vec<usize>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let attributes = tag
            .attributes
            .iter()
            .map(|(key, value)| {
                (
                    String::from_utf8_lossy(key).into_owned(),
                    String::from_utf8_lossy(value).into_owned(),
                )
            })
            .collect();
        let index = self.elements.len();
        let void = tag.self_closing || VOID.contains(&name.as_str());
        self.elements.push(Element {
            name,
            attributes,
            text: String::new(),
            parent: open.last().copied(),
        });
        if !void {
            open.push(index);
        }
    }

    fn end(&mut self, name: &str, open: &mut Vec<usize>) {
        let named = |index: &usize| self.elements.get(*index).is_some_and(|e| e.name == name);
        match open.iter().rposition(named) {
            Some(position) => {
                if position + 1 != open.len() {
                    self.slips
                        .push(format!("</{name}> closes what is not the innermost"));
                }
                open.truncate(position);
            }
            None => self.slips.push(format!("</{name}> closes nothing")),
        }
    }

    fn text(&mut self, text: &str, open: &[usize]) {
        for index in open {
            if let Some(element) = self.elements.get_mut(*index) {
                element.text.push_str(text);
            }
        }
        self.texts.push((open.last().copied(), text.to_owned()));
    }

    /// Every element, in the order of the source.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(ui_kit::testing::Document::parse("texte").elements().is_empty());
    /// ```
    #[must_use]
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// The elements of a name.
    ///
    /// # Examples
    ///
    /// ```
    /// let document = ui_kit::testing::Document::parse("<p>a</p><p>b</p>");
    /// assert_eq!(document.named("p").count(), 2);
    /// ```
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |e| e.name == name)
    }

    /// The first element of an id.
    ///
    /// # Examples
    ///
    /// ```
    /// let document = ui_kit::testing::Document::parse("<p id=x>a</p>");
    /// assert!(document.by_id("x").is_some());
    /// ```
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|e| e.attribute("id") == Some(id))
    }

    /// The pieces of text with the element each stands in.
    pub(super) fn texts(&self) -> impl Iterator<Item = (Option<&Element>, &str)> {
        self.texts.iter().map(|(parent, text)| {
            (
                parent.and_then(|index| self.elements.get(index)),
                text.as_str(),
            )
        })
    }

    /// Slips of the markup itself.
    pub(super) fn slips(&self) -> &[String] {
        &self.slips
    }

    /// The elements around one, the nearest first.
    pub(super) fn around<'a>(&'a self, element: &'a Element) -> impl Iterator<Item = &'a Element> {
        std::iter::successors(
            element.parent.and_then(|index| self.elements.get(index)),
            |outer| outer.parent.and_then(|index| self.elements.get(index)),
        )
    }
}
