use maud::{DOCTYPE, Markup, html};

use super::{Audience, Page};
use crate::{Icon, NavItem, PageHead, Text, format, script_path, stylesheet_path};

impl Page {
    pub(super) fn document(&self) -> Markup {
        let t = |text| self.lang.t(text);
        let density = if self.audience == Audience::Console {
            "dense"
        } else {
            "touch"
        };
        let colon = self.lang.pick("\u{a0}: ", ": ");
        html! {
            (DOCTYPE)
            html lang=(self.lang.code()) data-theme=[self.theme.attribute()] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title {
                        @if self.error { (t(Text::ErrorPrefix)) (colon) }
                        (self.title) " · " (self.brand)
                    }
                    link rel="stylesheet" href=(stylesheet_path());
                    link rel="icon" type="image/svg+xml" href="/assets/icon.svg";
                    script src=(script_path()) defer {}
                }
                body class=(density) data-live=[self.live.as_ref().map(|live| &live.0)]
                    data-last=[self.live.as_ref().map(|live| &live.1)] data-search=[&self.search]
                    data-keys=[(!self.keys).then_some("off")] {
                    a.skip href="#main" { (t(Text::SkipToContent)) }
                    @match self.audience {
                        Audience::Console => (self.console_frame()),
                        Audience::Portal | Audience::Public | Audience::Technician => (self.plain_frame()),
                    }
                    div.toasts #toasts role="status" aria-live="polite" data-retry=(t(Text::TryAgain))
                        data-undo=(t(Text::Undo)) data-failed=(t(Text::SendFailed))
                        data-offline=(t(Text::OfflineRetrying)) data-online=(t(Text::BackOnline))
                        data-ago=(format::ago_templates(self.lang)) {}
                    @if self.search.is_some() { (self.palette()) }
                    @if self.audience == Audience::Console && self.keys { (self.key_list()) }
                }
            }
        }
    }

    fn heading(&self) -> Markup {
        html! {
            @if let Some((text, undo)) = &self.toast {
                p.banner.ok.mb #toast-new data-undo=[undo] { (text) }
            }
            @if let Some(head) = &self.head { (head) }
            @else if self.titled && self.audience != Audience::Technician {
                (PageHead::new(&self.title).lang(self.lang))
            }
        }
    }

    fn live_badge(&self) -> Markup {
        html! {
            @if self.live.is_some() {
                span.badge #live hidden data-up=(self.lang.t(Text::Live))
                    data-down=(self.lang.t(Text::OfflineRetrying)) {}
            }
            @if let Some(href) = &self.refresh {
                noscript { a href=(href) { (self.lang.t(Text::Refresh)) } }
            }
        }
    }

    fn language(&self, class: &str) -> Markup {
        let other = self.lang.other();
        html! {
            @if let Some(href) = &self.language_link {
                a class=(class) href=(href) lang=(other.code()) hreflang=(other.code()) { (other.name()) }
            }
        }
    }

    fn console_frame(&self) -> Markup {
        let t = |text| self.lang.t(text);
        let count = |item: NavItem| {
            self.counts
                .iter()
                .find(|(section, waiting)| *section == item && *waiting > 0)
                .map(|(_, waiting)| *waiting)
        };
        html! {
            div.console.slim[self.slim] {
                nav.side aria-label=(t(Text::Sections)) {
                    a.brand href=(self.home) { (Icon::Tower) span { (self.brand) } }
                    ul { @for item in &self.sections { li.tab[item.on_phone()] {
                        a href=(item.href()) data-key=[item.key()]
                            aria-current=[(self.current == Some(*item)).then_some("page")] {
                            (item.icon()) span.name { (t(item.text())) }
                            @if let Some(waiting) = count(*item) { span.n { (waiting) } }
                        }
                    } } }
                    div.foot {
                        (self.language("btn quiet"))
                        button.btn.quiet type="button" hidden data-theme-toggle {
                            (Icon::Moon) span.name { (t(Text::DarkTheme)) }
                        }
                    }
                }
                header.top {
                    @if let Some(search) = &self.search {
                        a.searchbox href=(search) data-palette {
                            (Icon::Search) (t(Text::SearchOrAct)) kbd aria-hidden="true" { "Ctrl\u{a0}K" }
                        }
                    }
                    div.me {
                        (self.live_badge())
                        span.phone { (self.language("small")) }
                        @if let Some(user) = &self.user { span.user { (user) } }
                    }
                }
                main #main tabindex="-1" {
                    (self.heading())
                    @if let Some(body) = &self.body { (body) }
                }
            }
        }
    }

    fn plain_frame(&self) -> Markup {
        let t = |text| self.lang.t(text);
        html! {
            div.plain.wide[self.wide].hastabs[!self.tabs.is_empty()] {
                header.bar { div {
                    @if self.audience == Audience::Technician {
                        h1.h { (self.title) }
                    } @else {
                        a.brand href=(self.home) { (Icon::Tower) span { (self.brand) } }
                    }
                    div.row {
                        (self.live_badge())
                        @if let Some(user) = &self.user { span.small.muted { (user) } }
                        (self.language("small"))
                    }
                } }
                main #main tabindex="-1" {
                    (self.heading())
                    @if let Some(body) = &self.body { (body) }
                }
                @if let Some(bar) = &self.action_bar {
                    div.actionbar role="region" aria-label=(t(Text::Continue)) { (bar) }
                }
                @if let Some(footer) = &self.footer { footer { (footer) } }
                @if !self.tabs.is_empty() {
                    nav.tabs aria-label=(t(Text::Sections)) {
                        ul { @for tab in &self.tabs { li {
                            a href=(tab.href) aria-current=[tab.current.then_some("page")] { (tab.icon) (tab.label) }
                        } } }
                    }
                }
            }
        }
    }

    fn palette(&self) -> Markup {
        let t = |text| self.lang.t(text);
        html! {
            dialog.box #palette aria-label=(t(Text::SearchOrAct)) {
                input #palette-q type="text" role="combobox" aria-expanded="false" aria-controls="palette-list"
                    aria-autocomplete="list" aria-label=(t(Text::SearchOrAct)) autocomplete="off"
                    spellcheck="false" placeholder=(t(Text::SearchPlaceholder));
                ul #palette-list role="listbox" aria-label=(t(Text::Results)) {}
                p hidden { (t(Text::NoResult)) }
            }
        }
    }

    fn key_list(&self) -> Markup {
        let t = |text| self.lang.t(text);
        html! {
            dialog.box #keys aria-labelledby="keys-t" {
                h2 #keys-t { (t(Text::Keyboard)) }
                dl.facts {
                    dt { kbd { "g" } } dd { (t(Text::KeyGo)) }
                    dt { kbd { "/" } } dd { (t(Text::KeySearch)) }
                    dt { kbd { "j" } " " kbd { "k" } } dd { (t(Text::KeyRows)) }
                    dt { kbd { "?" } } dd { (t(Text::KeyHelp)) }
                }
                form method="dialog" { button.btn { (t(Text::Close)) } }
            }
        }
    }
}
