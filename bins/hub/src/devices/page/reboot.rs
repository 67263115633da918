//! The restart: what will happen, then the button.

use ui_kit::{Confirm, Lang, Page, PageHead, Text, html, mono};

use super::{DEVICE, REBOOT, RebootView, SEARCH};

/// Fills the page that stands before a restart.
pub(in crate::devices) fn reboot(page: Page, view: &RebootView<'_>) -> Page {
    let lang = view.lang;
    let back = view.target.href(DEVICE);
    let name = if view.model.is_empty() {
        view.target.serial
    } else {
        view.model
    };
    let title = lang.pick("Redémarrer le modem", "Restart the modem");
    let mut confirm = Confirm::new(lang, REBOOT, view.csrf, title, &back)
        .intro(html! { p { strong { (name) } " · " (mono(view.target.serial)) } })
        .hidden("serial", view.target.serial)
        .hidden("id", view.target.id)
        .consequence(lang.pick(
            "Internet, le Wi-Fi, le téléphone et la télévision sont coupés de 2 à 5\u{a0}minutes.",
            "Internet, Wi-Fi, telephone and television are cut for 2 to 5\u{a0}minutes.",
        ))
        .consequence(lang.pick(
            "Un appel en cours, même au 9-1-1, est coupé.",
            "A call in progress, even to 9-1-1, is cut.",
        ));
    if let Some(count) = view.connected.filter(|count| *count > 0) {
        confirm = confirm.consequence(match (lang, count) {
            (Lang::Fr, 1) => "1 appareil connecté perd sa connexion.".to_owned(),
            (Lang::Fr, n) => format!("{n} appareils connectés perdent leur connexion."),
            (Lang::En, 1) => "1 connected device loses its connection.".to_owned(),
            (Lang::En, n) => format!("{n} connected devices lose their connection."),
        });
    }
    if !view.online {
        confirm = confirm.consequence(lang.pick(
            "Le modem est hors ligne\u{a0}: il redémarrera à son prochain contact.",
            "The modem is offline: it will restart at its next contact.",
        ));
    }
    page.search(SEARCH)
        .head(
            PageHead::new(title)
                .lang(lang)
                .crumb(SEARCH, lang.t(Text::Network))
                .crumb(&back, name),
        )
        .body(confirm)
}
