//! The screen of a device.

use ui_kit::{Badge, Button, Icon, Markup, Page, PageHead, Text, ago, form_post, html, mono};

use super::{DeviceView, READ, REBOOT, SEARCH, cards, model_name, tables, verdict};

/// Fills the page of a device: who it is, how it is in one sentence, four cards, the lists.
pub(in crate::devices) fn device(page: Page, view: &DeviceView<'_>) -> Page {
    page.search(SEARCH)
        .head(head(view))
        .refresh(&view.target.href(super::DEVICE))
        .body(html! {
            div.stack {
                @if let Some(notice) = verdict::notice(view.lang, view.notice) { (notice) }
                (verdict::banner(view))
                div.c4 {
                    (cards::optical(view))
                    (cards::internet(view))
                    (cards::wifi(view))
                    (cards::lan(view))
                }
                (tables::stations(view))
                (tables::hosts(view))
                (tables::other_wans(view))
                (cards::identity(view))
            }
        })
}

/// The title of a device: its model, else its serial number.
pub(super) fn title(view: &DeviceView<'_>) -> String {
    let name = model_name(view.summary);
    if name.is_empty() {
        view.target.serial.to_owned()
    } else {
        name
    }
}

fn head(view: &DeviceView<'_>) -> PageHead {
    let lang = view.lang;
    let read = html! {
        input type="hidden" name="serial" value=(view.target.serial);
        input type="hidden" name="id" value=(view.target.id);
        (Button::submit(lang.t(Text::ReadAgain)).icon(Icon::Refresh).id("read"))
    };
    PageHead::new(title(view))
        .lang(lang)
        .badge(Badge::online(lang, view.online))
        .meta(meta(view))
        .action(form_post(READ, view.csrf, read))
        .action(
            Button::link(&view.target.href(REBOOT), lang.t(Text::Restart))
                .danger()
                .icon(Icon::Power)
                .id("reboot")
                .action(),
        )
}

fn meta(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    html! {
        (mono(view.target.serial))
        @if let Some(at) = view.last_inform {
            " · " (lang.pick("dernier contact ", "last contact ")) (ago(lang, at, view.now))
        }
        @if !view.summary.document.tags.is_empty() {
            " · "
            @for tag in view.summary.document.tags.iter().take(16) { span.tag { (tag) } " " }
        }
    }
}
