use maud::{Markup, Render, html};

use crate::{Badge, Facts, Gauge};

/// A titled part of a page: a section named by its heading.
///
/// # Examples
///
/// ```
/// use maud::{Render, html};
/// use ui_kit::Card;
///
/// let card = Card::new("factures", "Factures").body(html! { p { "Aucune." } });
/// let html = card.render().into_string();
/// assert!(html.contains("aria-labelledby=\"factures-t\""));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Card {
    id: String,
    title: String,
    aside: Option<Markup>,
    body: Option<Markup>,
    flush: Option<Markup>,
    footer: Option<Markup>,
    fragment: bool,
}

impl Card {
    /// Makes a card; the id must be unique in the page.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            aside: None,
            body: None,
            flush: None,
            footer: None,
            fragment: false,
        }
    }

    /// Puts something at the right of the title: a badge, a link, the age of the reading.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Card, Render};
    ///
    /// let html = Card::new("c", "Titre").aside("38").render().into_string();
    /// assert!(html.contains("<div class=\"aside\">38</div>"));
    /// ```
    pub fn aside(mut self, aside: impl Render) -> Self {
        self.aside = Some(aside.render());
        self
    }

    /// Sets the body, with its padding.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Card, Render};
    ///
    /// let html = Card::new("c", "Titre").body("Texte").render().into_string();
    /// assert!(html.contains("<div class=\"body\">Texte</div>"));
    /// ```
    pub fn body(mut self, body: impl Render) -> Self {
        self.body = Some(body.render());
        self
    }

    /// Sets a body that touches the edges: a table, a list.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Card, Item, Render, item_list};
    ///
    /// let html = Card::new("c", "Titre").flush(item_list(&[Item::new("Roy")])).render().into_string();
    /// assert!(html.contains("<ul class=\"list\">"));
    /// ```
    pub fn flush(mut self, body: impl Render) -> Self {
        self.flush = Some(body.render());
        self
    }

    /// Sets the footer.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Card, Render};
    ///
    /// let html = Card::new("c", "Titre").footer("Voir tout").render().into_string();
    /// assert!(html.contains("<footer>Voir tout</footer>"));
    /// ```
    pub fn footer(mut self, footer: impl Render) -> Self {
        self.footer = Some(footer.render());
        self
    }

    /// Makes the card a fragment that an enhanced answer replaces.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::Card;
    ///
    /// let html = Card::new("wan", "Internet").fragment().render().into_string();
    /// assert!(html.contains("data-frag"));
    /// ```
    pub fn fragment(mut self) -> Self {
        self.fragment = true;
        self
    }

    fn wrap(&self, class: &str) -> Markup {
        html! {
            section class=(class) id=(self.id) aria-labelledby={ (self.id) "-t" } data-frag[self.fragment] {
                header {
                    h2 id={ (self.id) "-t" } { (self.title) }
                    @if let Some(aside) = &self.aside { div.aside { (aside) } }
                }
                @if let Some(body) = &self.body { div.body { (body) } }
                @if let Some(flush) = &self.flush { (flush) }
                @if let Some(footer) = &self.footer { footer { (footer) } }
            }
        }
    }
}

impl Render for Card {
    fn render(&self) -> Markup {
        self.wrap("card")
    }
}

/// A card that answers one question about a device: a badge, one figure, a gauge, some facts.
///
/// An unknown value is the word *Inconnu* and an idle badge, never a zero.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Badge, DiagnosticCard, Facts, Tone};
///
/// let card = DiagnosticCard::new("optique", "Optique")
///     .badge(Badge::new(Tone::Ok, "Bon"))
///     .figure("\u{2212}19,6", "dBm reçus")
///     .facts(Facts::new().row("Émis", "2,3\u{a0}dBm"));
/// assert!(card.render().into_string().contains("dBm reçus"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct DiagnosticCard {
    card: Card,
    figure: Option<(String, String)>,
    gauge: Option<Gauge>,
    facts: Option<Facts>,
    more: Vec<Markup>,
}

impl DiagnosticCard {
    /// Makes a card; the id must be unique in the page.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            card: Card::new(id, title),
            figure: None,
            gauge: None,
            facts: None,
            more: Vec::new(),
        }
    }

    /// Sets the badge beside the title.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Badge, DiagnosticCard, Render, Tone};
    ///
    /// let html = DiagnosticCard::new("d", "Optique").badge(Badge::new(Tone::Ok, "Bon")).render().into_string();
    /// assert!(html.contains("badge ok"));
    /// ```
    pub fn badge(mut self, badge: Badge) -> Self {
        self.card = self.card.aside(badge);
        self
    }

    /// Sets the large figure and the unit after it.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{DiagnosticCard, Render};
    ///
    /// let html = DiagnosticCard::new("d", "Optique").figure("9", "appareils").render().into_string();
    /// assert!(html.contains("<small>appareils</small>"));
    /// ```
    pub fn figure(mut self, value: impl Into<String>, unit: impl Into<String>) -> Self {
        self.figure = Some((value.into(), unit.into()));
        self
    }

    /// Sets the gauge under the figure.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Bands, DiagnosticCard, Gauge, Lang, Render};
    ///
    /// let html = DiagnosticCard::new("d", "Optique").gauge(Gauge::new(Lang::Fr, "Reçu", -19.6, Bands::optical_power())).render().into_string();
    /// assert!(html.contains("role=\"img\""));
    /// ```
    pub fn gauge(mut self, gauge: Gauge) -> Self {
        self.gauge = Some(gauge);
        self
    }

    /// Sets the facts.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{DiagnosticCard, Facts, Render};
    ///
    /// let html = DiagnosticCard::new("d", "Optique").facts(Facts::new().row("VLAN", "40")).render().into_string();
    /// assert!(html.contains("<dd>40</dd>"));
    /// ```
    pub fn facts(mut self, facts: Facts) -> Self {
        self.facts = Some(facts);
        self
    }

    /// Adds something under the facts: a note, the sources.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{DiagnosticCard, Render};
    ///
    /// let html = DiagnosticCard::new("d", "Optique").more("Note").render().into_string();
    /// assert!(html.contains("Note"));
    /// ```
    pub fn more(mut self, more: impl Render) -> Self {
        self.more.push(more.render());
        self
    }

    /// Makes the card a fragment that an enhanced answer replaces.
    pub fn fragment(mut self) -> Self {
        self.card = self.card.fragment();
        self
    }
}

impl Render for DiagnosticCard {
    fn render(&self) -> Markup {
        let body = html! {
            @if let Some((value, unit)) = &self.figure {
                p.figure { (value) @if !unit.is_empty() { " " small { (unit) } } }
            }
            @if let Some(gauge) = &self.gauge { (gauge) }
            @if let Some(facts) = &self.facts { (facts) }
            @for more in &self.more { (more) }
        };
        self.card.clone().body(body).wrap("card diag")
    }
}
