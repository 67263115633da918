//! The pages that customers see, by their forms.

use bytes::Bytes;
use http::{Method, header};
use integration_core::{ApiPath, HttpClient, Response};
use stripe_lite::testing::FakeStripe;
use stripe_lite::{CreatePortalSession, ListPaymentMethods};

use crate::support::{customer, fake, session};

/// A browser that follows no redirects.
async fn browse(fake: &FakeStripe, url: &str, form: Option<&str>) -> Response {
    let http = HttpClient::builder(fake.url()).build().unwrap();
    let (folder, key) = url.rsplit_once('/').unwrap();
    let folder = if folder.ends_with("/c/pay") {
        ApiPath::new("c/pay")
    } else {
        ApiPath::new("p/session")
    };
    let path = folder.segment(key).unwrap();
    let call = match form {
        None => http.request(Method::GET, path),
        Some(form) => http
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from(form.to_owned())),
    };
    call.send().await.unwrap()
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

#[tokio::test]
async fn a_customer_is_refused_then_pays() {
    let (fake, client) = fake().await;
    let made = session(&client, 11_497).await;
    let url = made.url.clone().unwrap();
    let page = browse(&fake, &url, None).await;
    assert_eq!(page.status(), 200);
    assert!(text(&page).contains("Payer 114,97 $"));
    assert!(text(&page).contains("Facture — Août"));
    let refused = browse(&fake, &url, Some("action=pay&card=insufficient_funds")).await;
    assert_eq!(refused.status(), 402);
    assert!(text(&refused).contains("role=\"alert\""));
    let back = browse(&fake, &url, Some("action=cancel")).await;
    assert_eq!(
        back.header("location"),
        Some("https://portail.example.ca/#/factures")
    );
    let done = browse(
        &fake,
        &url,
        Some("action=pay&card=visa&email=jo%40example.ca"),
    )
    .await;
    assert_eq!(done.status(), 303);
    let thanks = format!("https://portail.example.ca/#/merci?s={}", made.id);
    assert_eq!(done.header("location"), Some(thanks.as_str()));
    let over = browse(&fake, &url, Some("action=pay&card=visa")).await;
    assert_eq!(over.status(), 400);
    assert_eq!(fake.payment_intents().len(), 1);
}

#[tokio::test]
async fn a_customer_keeps_their_cards() {
    let (fake, client) = fake().await;
    let marie = customer(&client).await;
    let portal = CreatePortalSession::new(&marie.id).return_url("https://portail.example.ca/");
    let portal = client
        .billing_portal()
        .create_session(&portal, None)
        .await
        .unwrap();
    assert!(text(&browse(&fake, &portal.url, None).await).contains("Modes de paiement"));
    let refused = browse(&fake, &portal.url, Some("action=add&card=declined")).await;
    assert_eq!(refused.status(), 402);
    for card in ["visa", "mastercard"] {
        let added = browse(&fake, &portal.url, Some(&format!("action=add&card={card}"))).await;
        assert_eq!(added.status(), 303);
    }
    let list = ListPaymentMethods::new().customer(&marie.id);
    let list = client.payment_methods().list(&list).unwrap();
    let cards = list.page().await.unwrap().items;
    assert_eq!(cards.len(), 2);
    let (newest, oldest) = (&cards[0], &cards[1]);
    let preferred = client.customers().retrieve(&marie.id).await.unwrap();
    assert_eq!(preferred.default_payment_method(), Some(newest.id.as_str()));
    let remove = format!("action=remove&method={}", oldest.id);
    assert_eq!(
        browse(&fake, &portal.url, Some(&remove)).await.status(),
        303
    );
    assert_eq!(list.page().await.unwrap().items.len(), 1);
    let gone = browse(&fake, &portal.url, Some(&remove)).await;
    assert_eq!(gone.status(), 404);
}
