use maud::{Markup, Render, html};

/// A list of names and values.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Facts, mono};
///
/// let facts = Facts::new().row("IPv4", mono("192.0.2.4"));
/// assert!(facts.render().into_string().contains("<dt>IPv4</dt>"));
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Facts {
    rows: Vec<(String, Markup)>,
    numeric: bool,
}

impl Facts {
    /// Makes an empty list, which renders as nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a name and its value.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Facts, Render};
    ///
    /// let html = Facts::new().row("VLAN", "40").render().into_string();
    /// assert!(html.contains("<dt>VLAN</dt><dd>40</dd>"));
    /// ```
    pub fn row(mut self, name: impl Into<String>, value: impl Render) -> Self {
        self.rows.push((name.into(), value.render()));
        self
    }

    /// Adds a name and its value when there is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Facts;
    ///
    /// assert!(Facts::new().row_if("VLAN", None::<&str>).is_empty());
    /// ```
    pub fn row_if(self, name: impl Into<String>, value: Option<impl Render>) -> Self {
        match value {
            Some(value) => self.row(name, value),
            None => self,
        }
    }

    /// Aligns the values to the right, for amounts.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Facts, Render};
    ///
    /// let html = Facts::new().row("TPS", "4,00").numeric().render().into_string();
    /// assert!(html.contains("facts num"));
    /// ```
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Whether there is no row.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(ui_kit::Facts::new().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Render for Facts {
    fn render(&self) -> Markup {
        html! {
            @if !self.rows.is_empty() {
                dl.facts.num[self.numeric] {
                    @for (name, value) in &self.rows { dt { (name) } dd { (value) } }
                }
            }
        }
    }
}

/// Sets a text in the monospaced face: serials, addresses.
///
/// # Examples
///
/// ```
/// assert_eq!(ui_kit::mono("192.0.2.4").into_string(), "<span class=\"mono\">192.0.2.4</span>");
/// ```
#[must_use]
pub fn mono(text: &str) -> Markup {
    html! { span.mono { (text) } }
}
