//! Whole pages: the frame, the headers, the audit itself.

use ui_kit::{
    Badge, Button, Icon, Lang, NavItem, Page, PageHead, PageSecurity, Theme, Tone, form_post, html,
    security_headers,
    testing::{Audit, Document, assert_page},
};

fn console(lang: Lang) -> Page {
    Page::console("Réseau")
        .lang(lang)
        .brand("Gigafibre")
        .user("marie@example.ca")
        .nav(NavItem::Network)
        .count(NavItem::Messages, 7)
        .count(NavItem::Dispatch, 0)
        .theme(Theme::Dark)
        .search("/ops/search")
        .live("/sse?topics=dispatch", "1-42")
        .refresh("/ops/network")
        .toast_undo("Tâche assignée à Luc.", "/undo/1")
        .head(
            PageHead::new("TP-Link XX230v")
                .lang(lang)
                .badge(Badge::new(Tone::Ok, "Bon"))
                .action(form_post("/read", "t", Button::submit("Relire"))),
        )
        .body(html! { p { "Bonjour" } })
}

#[test]
fn every_frame_passes_the_audit() {
    for lang in [Lang::Fr, Lang::En] {
        assert_page(&console(lang).render());
        assert_page(
            &Page::portal("Compte")
                .lang(lang)
                .tab("/", "Accueil", Icon::Home, true)
                .language_link("?lang=en")
                .footer("Gigafibre")
                .toast("Enregistré.")
                .render(),
        );
        assert_page(
            &Page::public("Panne")
                .lang(lang)
                .wide(true)
                .error(true)
                .render(),
        );
        assert_page(
            &Page::technician("Installation")
                .lang(lang)
                .action_bar(form_post("/done", "t", Button::submit("Terminer")))
                .render(),
        );
    }
}

#[test]
fn a_page_without_live_events_has_no_badge_and_no_connection() {
    let html = Page::console("Réseau").render();
    assert!(!html.contains("data-live") && !html.contains("id=\"live\""));
    assert!(!html.contains("id=\"palette\""));
}

#[test]
fn the_console_marks_where_one_is() {
    let html = console(Lang::Fr).render();
    let document = Document::parse(&html);
    let current: Vec<_> = document
        .elements()
        .iter()
        .filter(|e| e.attribute("aria-current") == Some("page"))
        .collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].attribute("href"), Some("/ops/network"));
    assert!(html.contains("<span class=\"n\">7</span>"));
    assert_eq!(html.matches("class=\"n\"").count(), 1, "zero is not shown");
    assert!(html.contains("<html lang=\"fr-CA\" data-theme=\"dark\">"));
}

#[test]
fn the_theme_follows_the_system_unless_chosen() {
    assert!(Page::public("x").render().contains("<html lang=\"fr-CA\">"));
}

#[test]
fn an_empty_page_is_small() {
    let html = Page::console("Réseau").search("/ops/search").render();
    assert!(html.len() < 12_000, "{} bytes", html.len());
    let first: usize = html.len() + ui_kit::assets().iter().map(|f| f.body.len()).sum::<usize>();
    assert!(first < 60_000, "{first} bytes");
}

#[test]
fn hostile_titles_stay_text() {
    let html = Page::console("</title><script>x</script>")
        .brand("\"><b>")
        .user("<i>")
        .search("javascript:alert(1)")
        .live("javascript:alert(1)", "\"><b>")
        .render();
    assert_eq!(
        Audit::page().typography(false).problems(&html),
        Vec::<String>::new()
    );
    assert!(!html.contains("javascript:"));
}

#[test]
fn headers_are_those_of_the_contract() {
    let headers = security_headers(&PageSecurity::new());
    let csp = &headers[0].1;
    assert_eq!(
        csp,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         form-action 'self' https://checkout.stripe.com; frame-ancestors 'none'; base-uri 'none'; \
         require-trusted-types-for 'script'; trusted-types pages"
    );
    for bad in [
        "https://a.example.ca; script-src *",
        "http://a.example.ca",
        "https://",
        "https://a\r\nx: y",
    ] {
        let headers = security_headers(
            &PageSecurity::new()
                .tile_origin(bad)
                .payment_origin(Some(bad)),
        );
        assert!(
            headers[0].1.contains("img-src 'self' data: blob:; font"),
            "{bad:?}"
        );
        assert!(
            headers[0].1.contains("form-action 'self'; frame"),
            "{bad:?}"
        );
    }
}

#[test]
fn the_audit_finds_what_it_is_for() {
    let cases = [
        (
            "<h1>a</h1><p id=x></p><p id=x></p>",
            "the id x is not unique",
        ),
        ("<p style=\"color:red\">a</p>", "<p> has a style attribute"),
        ("<a href=\"javascript:x\">a</a>", "<a> has an unsafe href"),
        ("<input name=q>", "the field q has no label"),
        (
            "<form method=post action=/x></form>",
            "the POST form to /x has no csrf",
        ),
        ("<button></button>", "a <button> has no name"),
        (
            "<p aria-labelledby=z>a</p>",
            "aria-labelledby points to z, which is not there",
        ),
        ("<div><p></div>", "</div> closes what is not the innermost"),
        ("<script>x</script>", "a script is written in the page"),
        (
            "<p>Solde : 5</p>",
            "plain space where a no-break space is due: \"Solde :\"",
        ),
        ("<a href=/a href=/b>x</a>", "not HTML: duplicate-attribute"),
        ("<svg></svg>", "an <svg> is neither hidden nor named"),
    ];
    for (html, problem) in cases {
        let found = Audit::fragment().problems(html);
        assert!(found.iter().any(|p| p == problem), "{html}: {found:?}");
    }
    let page = Audit::page().problems("<p>a</p>");
    assert!(page.len() >= 6, "{page:?}");
}
