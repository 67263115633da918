use maud::{Markup, Render, html};

use crate::{Button, Card, Lang, Text, form_post, safe_href};

/// The page that stands before an act that cannot be taken back: GET shows what will happen, POST
/// acts.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Confirm, Lang};
///
/// let confirm = Confirm::new(Lang::Fr, "/ops/reboot", "token", "Redémarrer le modem", "/ops/device")
///     .consequence("Internet coupe environ 2\u{a0}minutes.")
///     .hidden("serial", "TPLG0001");
/// assert!(confirm.render().into_string().contains("Annuler"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Confirm {
    lang: Lang,
    action: String,
    csrf: String,
    verb: String,
    back: String,
    consequences: Vec<Markup>,
    hidden: Vec<(String, String)>,
    intro: Option<Markup>,
}

impl Confirm {
    /// Makes the page: where to POST, the token, the label of the button, and the way back.
    pub fn new(
        lang: Lang,
        action: &str,
        csrf: impl Into<String>,
        verb: impl Into<String>,
        back: &str,
    ) -> Self {
        Self {
            lang,
            action: safe_href(action).to_owned(),
            csrf: csrf.into(),
            verb: verb.into(),
            back: safe_href(back).to_owned(),
            consequences: Vec::new(),
            hidden: Vec::new(),
            intro: None,
        }
    }

    /// Says what it is about, before the consequences.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Confirm, Lang, Render};
    ///
    /// let html = Confirm::new(Lang::Fr, "/act", "token", "Redémarrer", "/back").intro("TP-Link XX230v").render().into_string();
    /// assert!(html.contains("TP-Link XX230v"));
    /// ```
    pub fn intro(mut self, intro: impl Render) -> Self {
        self.intro = Some(intro.render());
        self
    }

    /// Adds a consequence.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Confirm, Lang, Render};
    ///
    /// let html = Confirm::new(Lang::Fr, "/act", "token", "Redémarrer", "/back").consequence("Internet coupe.").render().into_string();
    /// assert!(html.contains("<li>Internet coupe.</li>"));
    /// ```
    pub fn consequence(mut self, sentence: impl Render) -> Self {
        self.consequences.push(sentence.render());
        self
    }

    /// Adds a hidden field.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Confirm, Lang, Render};
    ///
    /// let html = Confirm::new(Lang::Fr, "/act", "token", "Redémarrer", "/back").hidden("serial", "TPLG1").render().into_string();
    /// assert!(html.contains("value=\"TPLG1\""));
    /// ```
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
}

impl Render for Confirm {
    fn render(&self) -> Markup {
        let body = html! {
            @if let Some(intro) = &self.intro { div.mb { (intro) } }
            ul.bullets { @for line in &self.consequences { li { (line) } } }
        };
        html! {
            div.stack.narrow {
                (Card::new("consequences", self.lang.t(Text::Consequences)).body(body))
                (form_post(&self.action, &self.csrf, html! {
                    @for (name, value) in &self.hidden { input type="hidden" name=(name) value=(value); }
                    div.row {
                        (Button::submit(&self.verb).danger().id("confirm"))
                        (Button::link(&self.back, self.lang.t(Text::Cancel)).quiet())
                    }
                }))
            }
        }
    }
}
