use maud::{Markup, Render, html};

use crate::{Icon, safe_href};

/// Weight of a button; one primary a view.
///
/// # Examples
///
/// ```
/// assert_eq!(ui_kit::Weight::default(), ui_kit::Weight::Plain);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Weight {
    /// An outline.
    #[default]
    Plain,
    /// Filled with the accent.
    Primary,
    /// Outlined in red.
    Danger,
    /// Text alone.
    Quiet,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Role {
    Link(String),
    Submit(Option<(String, String)>),
}

/// A button or a link that looks like one; its label begins with a verb.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Button, Icon};
///
/// let html = Button::link("/reboot", "Redémarrer").danger().icon(Icon::Power).render().into_string();
/// assert!(html.starts_with("<a class=\"btn danger\" href=\"/reboot\">"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Button {
    role: Role,
    label: String,
    icon: Option<Icon>,
    weight: Weight,
    big: bool,
    block: bool,
    icon_only: bool,
    id: Option<String>,
    hotkey: Option<char>,
    action: bool,
}

impl Button {
    fn with(role: Role, label: impl Into<String>) -> Self {
        Self {
            role,
            label: label.into(),
            icon: None,
            weight: Weight::Plain,
            big: false,
            block: false,
            icon_only: false,
            id: None,
            hotkey: None,
            action: false,
        }
    }

    /// Makes a link; the address goes through [`safe_href`].
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::Button;
    ///
    /// let html = Button::link("javascript:alert(1)", "Ouvrir").render().into_string();
    /// assert!(html.contains("href=\"#\""));
    /// ```
    pub fn link(href: &str, label: impl Into<String>) -> Self {
        Self::with(Role::Link(safe_href(href).to_owned()), label)
    }

    /// Makes the button that sends the form it is in.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::Button;
    ///
    /// let html = Button::submit("Payer maintenant").primary().render().into_string();
    /// assert!(html.contains("type=\"submit\""));
    /// ```
    pub fn submit(label: impl Into<String>) -> Self {
        Self::with(Role::Submit(None), label)
    }

    /// Makes the sending button carry a name and a value.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::Button;
    ///
    /// let html = Button::submit("Note").value("kind", "note").render().into_string();
    /// assert!(html.contains("name=\"kind\" value=\"note\""));
    /// ```
    pub fn value(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Role::Submit(pair) = &mut self.role {
            *pair = Some((name.into(), value.into()));
        }
        self
    }

    /// Puts an icon before the label.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Icon, Render};
    ///
    /// let html = Button::submit("Envoyer").icon(Icon::Send).render().into_string();
    /// assert!(html.contains("<svg"));
    /// ```
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Shows the icon alone; the label stays as `aria-label`.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::{Button, Icon};
    ///
    /// let html = Button::link("/", "Retour").icon(Icon::Back).icon_only().render().into_string();
    /// assert!(html.contains("aria-label=\"Retour\""));
    /// ```
    pub fn icon_only(mut self) -> Self {
        self.icon_only = true;
        self
    }

    /// Sets the weight.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Render, Weight};
    ///
    /// let html = Button::submit("Envoyer").weight(Weight::Quiet).render().into_string();
    /// assert!(html.contains("btn quiet"));
    /// ```
    pub fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// Fills it with the accent: once a view.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Render};
    ///
    /// let html = Button::submit("Envoyer").primary().render().into_string();
    /// assert!(html.contains("btn primary"));
    /// ```
    pub fn primary(self) -> Self {
        self.weight(Weight::Primary)
    }

    /// Outlines it in red.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Render};
    ///
    /// let html = Button::submit("Envoyer").danger().render().into_string();
    /// assert!(html.contains("btn danger"));
    /// ```
    pub fn danger(self) -> Self {
        self.weight(Weight::Danger)
    }

    /// Leaves the text alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Render};
    ///
    /// let html = Button::submit("Envoyer").quiet().render().into_string();
    /// assert!(html.contains("btn quiet"));
    /// ```
    pub fn quiet(self) -> Self {
        self.weight(Weight::Quiet)
    }

    /// Makes it 48 pixels high.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Render};
    ///
    /// let html = Button::submit("Envoyer").big().render().into_string();
    /// assert!(html.contains("btn big"));
    /// ```
    pub fn big(mut self) -> Self {
        self.big = true;
        self
    }

    /// Makes it as wide as its parent.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Render};
    ///
    /// let html = Button::submit("Envoyer").block().render().into_string();
    /// assert!(html.contains("btn block"));
    /// ```
    pub fn block(mut self) -> Self {
        self.block = true;
        self
    }

    /// Sets the id, which lets focus survive a swap.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Render};
    ///
    /// let html = Button::submit("Envoyer").id("send").render().into_string();
    /// assert!(html.contains("id=\"send\""));
    /// ```
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the key that presses it while nobody is typing.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::Button;
    ///
    /// let html = Button::submit("Résoudre").hotkey('e').render().into_string();
    /// assert!(html.contains("<kbd>e</kbd>"));
    /// ```
    pub fn hotkey(mut self, key: char) -> Self {
        self.hotkey = Some(key);
        self
    }

    /// Lists the link among the actions of the palette.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Render};
    ///
    /// let html = Button::link("/jobs/new", "Créer une tâche").action().render().into_string();
    /// assert!(html.contains("data-action"));
    /// ```
    pub fn action(mut self) -> Self {
        self.action = true;
        self
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let mut class = String::from("btn");
        let weight = match self.weight {
            Weight::Plain => "",
            Weight::Primary => " primary",
            Weight::Danger => " danger",
            Weight::Quiet => " quiet",
        };
        class.push_str(weight);
        for (on, name) in [
            (self.big, " big"),
            (self.block, " block"),
            (self.icon_only, " icononly"),
        ] {
            if on {
                class.push_str(name);
            }
        }
        let aria = self.icon_only.then_some(&self.label);
        let body = html! {
            @if let Some(icon) = self.icon { (icon) }
            @if !self.icon_only { (self.label) }
            @if let Some(key) = self.hotkey { kbd { (key) } }
        };
        let key = self.hotkey.map(String::from);
        match &self.role {
            Role::Link(href) => html! {
                a class=(class) href=(href) id=[&self.id] aria-label=[aria] data-hotkey=[key]
                    data-action[self.action] { (body) }
            },
            Role::Submit(pair) => html! {
                button class=(class) type="submit" id=[&self.id] aria-label=[aria] data-hotkey=[key]
                    name=[pair.as_ref().map(|p| &p.0)] value=[pair.as_ref().map(|p| &p.1)] { (body) }
            },
        }
    }
}
