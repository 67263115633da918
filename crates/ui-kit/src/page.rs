//! Whole pages: the frame around a body, for each audience.

mod frame;

use maud::{Markup, Render};

use crate::{Icon, Lang, NavItem, PageHead, safe_href};

/// The colours of a page, from the cookie `theme`.
///
/// # Examples
///
/// ```
/// use ui_kit::Theme;
///
/// assert_eq!(Theme::from_cookie(Some("dark")), Theme::Dark);
/// assert_eq!(Theme::from_cookie(Some("pink")), Theme::System);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Theme {
    /// What the system asks for.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Reads the cookie; anything but `light` or `dark` follows the system.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::Theme::from_cookie(None), ui_kit::Theme::System);
    /// ```
    #[must_use]
    pub fn from_cookie(value: Option<&str>) -> Self {
        match value {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// Who a page is for, which decides its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    Console,
    Portal,
    Public,
    Technician,
}

/// A link of the bar at the bottom of a customer's phone.
#[derive(Debug, Clone)]
struct Tab {
    href: String,
    label: String,
    icon: Icon,
    current: bool,
}

/// A page to be rendered: language, title, frame, live events, body.
///
/// The page owns its one `<h1>`: the title, or that of the [`PageHead`] given to
/// [`head`](Self::head). The rest of the contract (skip link, landmarks, stylesheet, script, toast
/// container, palette) comes with the frame.
///
/// # Examples
///
/// ```
/// use maud::html;
/// use ui_kit::{Lang, NavItem, Page};
///
/// let html = Page::console("Réseau")
///     .lang(Lang::Fr)
///     .brand("Gigafibre")
///     .user("marie@example.ca")
///     .nav(NavItem::Network)
///     .body(html! { p { "Bonjour" } })
///     .render();
/// assert!(html.starts_with("<!DOCTYPE html><html lang=\"fr-CA\""));
/// assert!(html.contains("<h1>Réseau</h1>"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Page {
    audience: Audience,
    title: String,
    lang: Lang,
    brand: String,
    home: String,
    user: Option<String>,
    current: Option<NavItem>,
    sections: Vec<NavItem>,
    counts: Vec<(NavItem, u32)>,
    theme: Theme,
    live: Option<(String, String)>,
    search: Option<String>,
    head: Option<PageHead>,
    body: Option<Markup>,
    toast: Option<(String, Option<String>)>,
    tabs: Vec<Tab>,
    language_link: Option<String>,
    refresh: Option<String>,
    action_bar: Option<Markup>,
    footer: Option<Markup>,
    slim: bool,
    wide: bool,
    error: bool,
    keys: bool,
    titled: bool,
}

impl Page {
    fn new(audience: Audience, title: impl Into<String>) -> Self {
        Self {
            audience,
            title: title.into(),
            lang: Lang::Fr,
            brand: "Fibre".to_owned(),
            home: match audience {
                Audience::Console => "/ops",
                Audience::Portal | Audience::Public => "/",
                Audience::Technician => "/j",
            }
            .to_owned(),
            user: None,
            current: None,
            sections: NavItem::ALL.to_vec(),
            counts: Vec::new(),
            theme: Theme::System,
            live: None,
            search: None,
            head: None,
            body: None,
            toast: None,
            tabs: Vec::new(),
            language_link: None,
            refresh: None,
            action_bar: None,
            footer: None,
            slim: false,
            wide: false,
            error: false,
            keys: true,
            titled: true,
        }
    }

    /// Makes a page of the staff console: menu, top bar, dense.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(ui_kit::Page::console("Clients").render().contains("<body class=\"dense\""));
    /// ```
    pub fn console(title: impl Into<String>) -> Self {
        Self::new(Audience::Console, title)
    }

    /// Makes a page of the customer portal: one column, a bar of tabs on a phone.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(ui_kit::Page::portal("Factures").render().contains("<body class=\"touch\""));
    /// ```
    pub fn portal(title: impl Into<String>) -> Self {
        Self::new(Audience::Portal, title)
    }

    /// Makes a public page: one column.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(ui_kit::Page::public("État du réseau").render().contains("<main"));
    /// ```
    pub fn public(title: impl Into<String>) -> Self {
        Self::new(Audience::Public, title)
    }

    /// Makes a page of a technician's phone: the title in the header, one column.
    ///
    /// # Examples
    ///
    /// ```
    /// let html = ui_kit::Page::technician("Installation fibre").render();
    /// assert!(html.contains("<h1 class=\"h\">Installation fibre</h1>"));
    /// ```
    pub fn technician(title: impl Into<String>) -> Self {
        Self::new(Audience::Technician, title)
    }

    /// Sets the language.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Lang, Page};
    ///
    /// let html = Page::console("Réseau").lang(Lang::En).render();
    /// assert!(html.contains("lang=\"en-CA\""));
    /// ```
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// Sets the name of the company, shown and in the title.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::console("Réseau").brand("Gigafibre").render();
    /// assert!(html.contains("<title>Réseau · Gigafibre</title>"));
    /// ```
    pub fn brand(mut self, name: impl Into<String>) -> Self {
        self.brand = name.into();
        self
    }

    /// Sets who is signed in.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::console("Réseau").user("marie@example.ca").render();
    /// assert!(html.contains("marie@example.ca"));
    /// ```
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.user = Some(name.into());
        self
    }

    /// Marks the section of the console that the page belongs to.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{NavItem, Page};
    ///
    /// let html = Page::console("Réseau").nav(NavItem::Network).render();
    /// assert!(html.contains("aria-current=\"page\""));
    /// ```
    pub fn nav(mut self, current: NavItem) -> Self {
        self.current = Some(current);
        self
    }

    /// Shows these sections alone, in this order: those that exist and that the person may open.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{NavItem, Page};
    ///
    /// let html = Page::console("Réseau").sections(&[NavItem::Network]).render();
    /// assert!(!html.contains("/ops/dispatch"));
    /// ```
    pub fn sections(mut self, sections: &[NavItem]) -> Self {
        self.sections = sections.to_vec();
        self
    }

    /// Shows how many things wait in a section; nothing for zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{NavItem, Page};
    ///
    /// let html = Page::console("Réseau").count(NavItem::Messages, 7).render();
    /// assert!(html.contains("<span class=\"n\">7</span>"));
    /// ```
    pub fn count(mut self, section: NavItem, waiting: u32) -> Self {
        self.counts.push((section, waiting));
        self
    }

    /// Sets the theme.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Page, Theme};
    ///
    /// let html = Page::console("Réseau").theme(Theme::Dark).render();
    /// assert!(html.contains("data-theme=\"dark\""));
    /// ```
    pub fn theme(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
    }

    /// Connects the page to live events: the address of the stream, and the id of the last event
    /// that the page already shows. Without it there is no connection and no badge.
    ///
    /// # Examples
    ///
    /// ```
    /// let html = ui_kit::Page::console("Réseau").live("/sse?topics=dispatch", "1-42").render();
    /// assert!(html.contains("data-live=\"/sse?topics=dispatch\" data-last=\"1-42\""));
    /// assert!(html.contains("id=\"live\""));
    /// ```
    pub fn live(mut self, url: &str, last: impl Into<String>) -> Self {
        self.live = Some((safe_href(url).to_owned(), last.into()));
        self
    }

    /// Sets the address of the search page, which the palette asks with `?q=`.
    ///
    /// The answer is that page itself: the palette lists the links it finds under `data-results`.
    ///
    /// # Examples
    ///
    /// ```
    /// let html = ui_kit::Page::console("Réseau").search("/ops/search").render();
    /// assert!(html.contains("id=\"palette\""));
    /// ```
    pub fn search(mut self, url: &str) -> Self {
        self.search = Some(safe_href(url).to_owned());
        self
    }

    /// Sets the head of the page, with its own `<h1>`.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Page, PageHead};
    ///
    /// let html = Page::console("Réseau").head(PageHead::new("TP-Link XX230v")).render();
    /// assert!(html.contains("<h1>TP-Link XX230v</h1>"));
    /// ```
    pub fn head(mut self, head: PageHead) -> Self {
        self.head = Some(head);
        self
    }

    /// Sets the body.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::console("Réseau").body("Bonjour").render();
    /// assert!(html.contains("Bonjour"));
    /// ```
    pub fn body(mut self, body: impl Render) -> Self {
        self.body = Some(body.render());
        self
    }

    /// Says something once: as a toast with script, as a banner without.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::console("Réseau").toast("Enregistré.").render();
    /// assert!(html.contains("id=\"toast-new\""));
    /// ```
    pub fn toast(mut self, text: impl Into<String>) -> Self {
        self.toast = Some((text.into(), None));
        self
    }

    /// Says something once and offers to undo it: the address to POST to.
    ///
    /// # Examples
    ///
    /// ```
    /// let html = ui_kit::Page::console("Répartition").toast_undo("Tâche assignée à Luc.", "/undo/1").render();
    /// assert!(html.contains("data-undo=\"/undo/1\""));
    /// ```
    pub fn toast_undo(mut self, text: impl Into<String>, undo: &str) -> Self {
        self.toast = Some((text.into(), Some(safe_href(undo).to_owned())));
        self
    }

    /// Adds a link to the bar at the bottom of a customer's phone.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Icon, Page};
    ///
    /// let html = Page::portal("Accueil").tab("/", "Accueil", Icon::Home, true).render();
    /// assert!(html.contains("class=\"tabs\""));
    /// ```
    pub fn tab(mut self, href: &str, label: impl Into<String>, icon: Icon, current: bool) -> Self {
        self.tabs.push(Tab {
            href: safe_href(href).to_owned(),
            label: label.into(),
            icon,
            current,
        });
        self
    }

    /// Adds the link to the same page in the other language.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::public("Panne").language_link("/lang/en").render();
    /// assert!(html.contains(">English</a>"));
    /// ```
    pub fn language_link(mut self, href: &str) -> Self {
        self.language_link = Some(safe_href(href).to_owned());
        self
    }

    /// Adds the link that reads the page again, for those without script.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::console("Réseau").refresh("/ops/network").render();
    /// assert!(html.contains("<noscript>"));
    /// ```
    pub fn refresh(mut self, href: &str) -> Self {
        self.refresh = Some(safe_href(href).to_owned());
        self
    }

    /// Puts the one next act of a technician at the bottom of the screen.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, Page};
    ///
    /// let html = Page::technician("Installation").action_bar(Button::submit("Terminer")).render();
    /// assert!(html.contains("actionbar"));
    /// ```
    pub fn action_bar(mut self, bar: impl Render) -> Self {
        self.action_bar = Some(bar.render());
        self
    }

    /// Sets the footer of a portal or public page.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::public("Panne").footer("450 555-0100").render();
    /// assert!(html.contains("<footer>450 555-0100</footer>"));
    /// ```
    pub fn footer(mut self, footer: impl Render) -> Self {
        self.footer = Some(footer.render());
        self
    }

    /// Narrows the menu of the console to its icons.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::console("Réseau").slim(true).render();
    /// assert!(html.contains("console slim"));
    /// ```
    pub fn slim(mut self, yes: bool) -> Self {
        self.slim = yes;
        self
    }

    /// Widens the column of a portal or public page to 960 pixels.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::public("Panne").wide(true).render();
    /// assert!(html.contains("plain wide"));
    /// ```
    pub fn wide(mut self, yes: bool) -> Self {
        self.wide = yes;
        self
    }

    /// Begins the title with *Erreur*, for a form sent back with errors.
    ///
    /// # Examples
    ///
    /// ```
    /// let html = ui_kit::Page::portal("Mon compte").error(true).render();
    /// assert!(html.contains("<title>Erreur\u{a0}: Mon compte"));
    /// ```
    pub fn error(mut self, yes: bool) -> Self {
        self.error = yes;
        self
    }

    /// Turns the keys of the console off, as the person asked in the settings.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Page;
    ///
    /// let html = Page::console("Réseau").keys(false).render();
    /// assert!(html.contains("data-keys=\"off\""));
    /// ```
    pub fn keys(mut self, on: bool) -> Self {
        self.keys = on;
        self
    }

    /// Leaves the `<h1>` to the body, which then must have exactly one.
    pub fn own_heading(mut self) -> Self {
        self.titled = false;
        self
    }

    /// Renders the whole document.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(ui_kit::Page::public("Panne").render().ends_with("</html>"));
    /// ```
    #[must_use]
    pub fn render(&self) -> String {
        self.document().into_string()
    }
}
