use maud::{Markup, Render, html};

use crate::{Lang, Text, safe_href};

/// Opens a form that acts: POST, the token against forgery in it, and sent by the script when
/// there is one.
///
/// The token is whatever the application checks; it is written into a hidden field `csrf`.
///
/// # Examples
///
/// ```
/// use maud::html;
/// use ui_kit::{Button, form_post};
///
/// let form = form_post("/ops/read", "token", html! { (Button::submit("Relire")) });
/// assert!(form.into_string().contains("name=\"csrf\" value=\"token\""));
/// ```
#[must_use]
pub fn form_post(action: &str, csrf: &str, body: impl Render) -> Markup {
    html! {
        form method="post" action=(safe_href(action)) data-enhance {
            input type="hidden" name="csrf" value=(csrf);
            (body)
        }
    }
}

/// Opens a form that asks: GET, so that every view has an address. With `auto` the script sends it
/// a quarter of a second after typing.
///
/// # Examples
///
/// ```
/// use maud::html;
/// use ui_kit::{Field, Lang, form_search};
///
/// let field = Field::new("q", "Numéro de série").search();
/// let form = form_search("/ops/network", Lang::Fr, &field, false).into_string();
/// assert!(form.contains("role=\"search\"") && form.contains("method=\"get\""));
/// ```
#[must_use]
pub fn form_search(action: &str, lang: Lang, field: &Field, auto: bool) -> Markup {
    html! {
        form.searchform method="get" role="search" action=(safe_href(action)) data-enhance data-auto[auto] {
            (field)
            button.btn.primary type="submit" { (lang.t(Text::Search)) }
        }
    }
}

/// A field: its label above, a hint, an error, then the input; each described to screen readers.
///
/// A field is required unless marked [`optional`](Field::optional).
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::Field;
///
/// let field = Field::new("email", "Courriel").input_type("email").autocomplete("email").error("Entrez une adresse");
/// let html = field.render().into_string();
/// assert!(html.contains("for=\"email\"") && html.contains("aria-describedby=\"email-e\""));
/// assert!(html.contains("aria-invalid=\"true\""));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Field {
    name: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    value: String,
    kind: &'static str,
    autocomplete: Option<&'static str>,
    input_mode: Option<&'static str>,
    max_length: Option<u32>,
    optional: Option<Lang>,
}

impl Field {
    /// Makes a text field; the name is also its id.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: None,
            error: None,
            value: String::new(),
            kind: "text",
            autocomplete: None,
            input_mode: None,
            max_length: None,
            optional: None,
        }
    }

    /// Sets the hint.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Field, Render};
    ///
    /// let html = Field::new("q", "Nom").hint("Sur l’étiquette").render().into_string();
    /// assert!(html.contains("Sur l’étiquette"));
    /// ```
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the error, in the same words as the summary.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Field, Render};
    ///
    /// let html = Field::new("q", "Nom").error("Entrez un nom").render().into_string();
    /// assert!(html.contains("aria-invalid=\"true\""));
    /// ```
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = Some(error.into());
        self
    }

    /// Fills it.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Field, Render};
    ///
    /// let html = Field::new("q", "Nom").value("Roy").render().into_string();
    /// assert!(html.contains("value=\"Roy\""));
    /// ```
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Sets the type of input.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Field, Render};
    ///
    /// let html = Field::new("q", "Nom").input_type("tel").render().into_string();
    /// assert!(html.contains("type=\"tel\""));
    /// ```
    pub fn input_type(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// Makes it a search field, without spelling help.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Field, Render};
    ///
    /// let html = Field::new("q", "Nom").search().render().into_string();
    /// assert!(html.contains("type=\"search\""));
    /// ```
    pub fn search(self) -> Self {
        self.input_type("search").autocomplete("off")
    }

    /// Says what the browser may fill in.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Field, Render};
    ///
    /// let html = Field::new("q", "Nom").autocomplete("name").render().into_string();
    /// assert!(html.contains("autocomplete=\"name\""));
    /// ```
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// Chooses the keyboard of a phone.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Field, Render};
    ///
    /// let html = Field::new("q", "Nom").input_mode("numeric").render().into_string();
    /// assert!(html.contains("inputmode=\"numeric\""));
    /// ```
    pub fn input_mode(mut self, mode: &'static str) -> Self {
        self.input_mode = Some(mode);
        self
    }

    /// Limits the count of characters.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Field, Render};
    ///
    /// let html = Field::new("q", "Nom").max_length(9).render().into_string();
    /// assert!(html.contains("maxlength=\"9\""));
    /// ```
    pub fn max_length(mut self, count: u32) -> Self {
        self.max_length = Some(count);
        self
    }

    /// Marks it as optional, in words.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::{Field, Lang};
    ///
    /// let html = Field::new("note", "Note").optional(Lang::Fr).render().into_string();
    /// assert!(html.contains("(facultatif)"));
    /// ```
    pub fn optional(mut self, lang: Lang) -> Self {
        self.optional = Some(lang);
        self
    }
}

impl Render for Field {
    fn render(&self) -> Markup {
        let name = &self.name;
        let described: Vec<String> = [("-h", &self.hint), ("-e", &self.error)]
            .into_iter()
            .filter(|(_, text)| text.is_some())
            .map(|(suffix, _)| format!("{name}{suffix}"))
            .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div.field {
                label for=(name) {
                    (self.label)
                    @if let Some(lang) = self.optional { " (" (lang.t(Text::Optional)) ")" }
                }
                @if let Some(hint) = &self.hint { p.hint id={ (name) "-h" } { (hint) } }
                @if let Some(error) = &self.error { p.error id={ (name) "-e" } { (error) } }
                input.input type=(self.kind) id=(name) name=(name) value=(self.value)
                    autocomplete=[self.autocomplete] inputmode=[self.input_mode] maxlength=[self.max_length]
                    spellcheck=[(self.kind == "search").then_some("false")]
                    aria-describedby=[described] aria-invalid=[self.error.as_ref().map(|_| "true")];
            }
        }
    }
}

/// The errors of a form, in the order of its fields, each a link to its field; always shown, even
/// for one error.
///
/// The `<title>` of the page must begin with *Erreur*: see [`Page::error`](crate::Page::error).
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, error_summary};
///
/// let html = error_summary(Lang::Fr, &[("email", "Entrez une adresse courriel")]).into_string();
/// assert!(html.contains("href=\"#email\""));
/// ```
#[must_use]
pub fn error_summary(lang: Lang, errors: &[(&str, &str)]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.summary tabindex="-1" {
                div role="alert" {
                    h2 { (lang.t(Text::ErrorSummary)) }
                    ul { @for (field, error) in errors { li { a href={ "#" (field) } { (error) } } } }
                }
            }
        }
    }
}

/// A question answered by one of a few cards.
///
/// # Examples
///
/// ```
/// use ui_kit::choices;
///
/// let html = choices("plan", "Forfait", &[("f1", "Fibre 1\u{a0}Gbit/s", None)], Some("f1"));
/// assert!(html.into_string().contains("checked"));
/// ```
#[must_use]
pub fn choices(
    name: &str,
    legend: &str,
    options: &[(&str, &str, Option<&str>)],
    chosen: Option<&str>,
) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            div.choices {
                @for (value, label, detail) in options {
                    label.choice {
                        input type="radio" name=(name) value=(value) checked[chosen == Some(*value)];
                        span {
                            (label)
                            @if let Some(detail) = detail { br; small.muted { (detail) } }
                        }
                    }
                }
            }
        }
    }
}
