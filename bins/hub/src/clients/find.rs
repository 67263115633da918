//! The search of clients: every part of it at once, and what comes in time is shown.

use std::collections::{BTreeMap, HashMap};
use std::pin::pin;

use erpnext_client::value::{Decimal, Field as _};
use erpnext_client::{DocName, Error, Field, Filter, Record as _};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, join_all, select};
use serde::{Deserialize, Deserializer};

use super::lookup::{Phone, Place, Sought, fold};
use super::read::Reader;
use super::view::{Found, Hit, Identity, MOST_HITS, Part, plain};
use super::{assemble, rows};

/// Most documents that one part of a search looks at.
const ROWS: u32 = 200;

/// What a search leads to.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A number of exactly one client.
    One(DocName),
    /// Everything else.
    Shown(Found),
}

/// How near a client is to what was typed: nearer first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// It is its number, or the number of something of its own.
    Number,
    /// Its telephone or its e-mail address.
    Reach,
    /// Its name.
    Name,
    /// Its address.
    Place,
}

/// What one part of a search gave.
struct Gathered {
    /// None where it failed.
    clients: Option<Vec<DocName>>,
    /// Whether it may have missed some.
    cut: bool,
    nearness: Nearness,
}

/// Clients, and whether there may be more.
type Names = (Vec<DocName>, bool);

/// Looks a client up.
pub(super) async fn find(reader: Reader<'_>, sought: &Sought) -> Outcome {
    let numbers = pin!(join_all(numbers(reader, sought)));
    let others = pin!(join_all(others(reader, sought)));
    let gathered = match select(numbers, others).await {
        Either::Left((numbers, others)) => match only(sought, &numbers) {
            // Whoever types a number does not wait for the rest.
            Some(one) => return Outcome::One(one),
            None => numbers.into_iter().chain(others.await).collect(),
        },
        Either::Right((others, numbers)) => {
            let numbers = numbers.await;
            if let Some(one) = only(sought, &numbers) {
                return Outcome::One(one);
            }
            numbers.into_iter().chain(others).collect()
        }
    };
    Outcome::Shown(show(reader, gathered).boxed().await)
}

/// The one client that a number means.
fn only(sought: &Sought, numbers: &[Gathered]) -> Option<DocName> {
    if !sought.is_number() {
        return None;
    }
    let mut names = numbers
        .iter()
        .flat_map(|part| part.clients.iter().flatten());
    let first = names.next()?;
    names.all(|name| name == first).then(|| first.clone())
}

type Parts<'a> = Vec<BoxFuture<'a, Gathered>>;

/// One part of a search.
fn part<'a>(
    reader: Reader<'a>,
    what: &'static str,
    nearness: Nearness,
    ask: BoxFuture<'a, Result<Names, Error>>,
) -> BoxFuture<'a, Gathered> {
    async move {
        let (clients, cut) = match reader.part(what, ask).await {
            Part::Read((clients, cut)) => (Some(clients), cut),
            Part::Unavailable => (None, false),
        };
        Gathered {
            clients,
            cut,
            nearness,
        }
    }
    .boxed()
}

/// By number of a client, of an invoice, of a device.
fn numbers<'a>(reader: Reader<'a>, sought: &'a Sought) -> Parts<'a> {
    let mut parts = Parts::new();
    let mut add = |what, ask| parts.push(part(reader, what, Nearness::Number, ask));
    if let Some(id) = &sought.id {
        add("client", numbered(reader, id).boxed());
    }
    if let Some(number) = &sought.invoice {
        add("invoice", invoiced(reader, number).boxed());
    }
    if !sought.serials.is_empty() || !sought.macs.is_empty() {
        add("equipment", equipped(reader, sought).boxed());
    }
    parts
}

/// The client of this number.
async fn numbered(reader: Reader<'_>, id: &DocName) -> Result<Names, Error> {
    let list = reader.erp.docs::<rows::Customer>().list();
    let found = list.filter(Filter::eq("name", id)).first().await?;
    Ok((found.into_iter().map(|row| row.name).collect(), false))
}

/// The client of this invoice.
async fn invoiced(reader: Reader<'_>, number: &DocName) -> Result<Names, Error> {
    let list = reader.erp.docs::<rows::Invoice>().list();
    let found = list.filter(Filter::eq("name", number)).first().await?;
    let name = found.and_then(|row| row.customer);
    Ok((name.into_iter().collect(), false))
}

/// The clients who have this device.
async fn equipped(reader: Reader<'_>, sought: &Sought) -> Result<Names, Error> {
    let mut list = reader.erp.docs::<rows::Device>().list();
    if !sought.serials.is_empty() {
        list = list
            .or_filter(Filter::is_in("serial_number", &sought.serials))
            .or_filter(Filter::is_in("onu_serial", &sought.serials));
    }
    if !sought.macs.is_empty() {
        list = list.or_filter(Filter::is_in("mac_address", &sought.macs));
    }
    let list = list.filter(Filter::is_set("customer")).limit(ROWS);
    let page = list.page().await?;
    let names = page.items.into_iter().filter_map(|row| row.customer);
    Ok((names.collect(), page.next.is_some()))
}

/// By everything else.
fn others<'a>(reader: Reader<'a>, sought: &'a Sought) -> Parts<'a> {
    let mut parts = Parts::new();
    let mut add = |what, nearness, ask| parts.push(part(reader, what, nearness, ask));
    if let Some(email) = &sought.email {
        let near = Nearness::Reach;
        let theirs = Filter::like("email_id", pattern(email)).on("Contact Email");
        add("e-mail", near, customers(reader, "email_id", email).boxed());
        let people = contacts(reader, theirs, None);
        add("e-mail of contacts", near, people.boxed());
    }
    if let Some(phone) = &sought.phone {
        let near = Nearness::Reach;
        // Digits alone: nothing in them to escape.
        let pattern = format!("%{}%", phone.groups().join("%"));
        let own = Filter::like("mobile_no", pattern.as_str());
        let theirs = Filter::like("phone", pattern.as_str()).on("Contact Phone");
        add("telephone", near, dialled(reader, own, phone).boxed());
        let people = contacts(reader, theirs, Some(phone));
        add("telephone of contacts", near, people.boxed());
    }
    if !sought.name.is_empty() {
        let named = customers(reader, "customer_name", &sought.name);
        add("name", Nearness::Name, named.boxed());
    }
    if let Some(place) = &sought.place {
        let near = Nearness::Place;
        add("location", near, locations(reader, place).boxed());
        add("address", near, addresses(reader, place).boxed());
    }
    parts
}

/// Clients whose own number it is.
async fn dialled(reader: Reader<'_>, filter: Filter, phone: &Phone) -> Result<Names, Error> {
    let list = reader.erp.docs::<rows::Customer>().list();
    let page = list.filter(filter).limit(ROWS).page().await?;
    let rows = page.items.into_iter().filter(|row| {
        let number = row.mobile_no.as_deref();
        number.is_some_and(|number| phone.is_in(number))
    });
    Ok((rows.map(|row| row.name).collect(), page.next.is_some()))
}

/// Clients in whose own field all these words are.
async fn customers(reader: Reader<'_>, field: &str, words: &[String]) -> Result<Names, Error> {
    let each = words
        .iter()
        .map(|word| Filter::like(field, pattern(std::slice::from_ref(word))));
    let list = reader.erp.docs::<rows::Customer>().list().filters(each);
    let page = list.limit(ROWS).page().await?;
    let vague = words.iter().any(|word| word.contains(SIGNS));
    let fits = |row: &rows::Customer| {
        let text = match field {
            "email_id" => row.email_id.as_deref(),
            _ => row.customer_name.as_deref(),
        };
        let text = fold(&plain(text.unwrap_or_default()));
        !vague || words.iter().all(|word| text.contains(&fold(word)))
    };
    let names = page.items.into_iter().filter(fits).map(|row| row.name);
    Ok((names.collect(), page.next.is_some()))
}

/// Clients of people who can be reached so; of a number, the digits decide.
async fn contacts(
    reader: Reader<'_>,
    filter: Filter,
    phone: Option<&Phone>,
) -> Result<Names, Error> {
    let list = reader.erp.docs::<rows::Contact>().list();
    let page = list
        .filter(filter)
        .with_children("phone_nos", "Contact Phone", rows::PHONE)
        .with_children("links", "Dynamic Link", rows::LINK)
        .limit(ROWS)
        .page()
        .await?;
    let reached = |contact: &rows::Contact| {
        phone.is_none_or(|phone| {
            contact
                .phone_nos
                .iter()
                .filter_map(|row| row.phone.as_deref())
                .any(|number| phone.is_in(number))
        })
    };
    let names = page
        .items
        .iter()
        .filter(|contact| reached(contact))
        .flat_map(|contact| rows::customers(&contact.links));
    Ok((names.cloned().collect(), page.next.is_some()))
}

/// The conditions of an address, of which one must hold; the fields are the street's, the town's
/// and the postal code's.
fn near(place: &Place, [street, town, postal]: [&str; 3]) -> Vec<Filter> {
    // One pattern each: the site takes alternatives of conditions, not of conjunctions.
    let words = |field: &str, words: &[String]| {
        (!words.is_empty()).then(|| Filter::like(field, pattern(words)))
    };
    match &place.postal {
        Some([a, b]) => vec![Filter::like(postal, format!("{a}%{b}"))],
        None => [words(street, &place.street), words(town, &place.town)]
            .into_iter()
            .flatten()
            .collect(),
    }
}

/// A pattern of these words in this order. A sign that means something in patterns becomes one
/// that stands for any: Frappe 15 has no way to take it literally. Who asks keeps what fits.
fn pattern(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| word.replace(SIGNS, "_")).collect();
    format!("%{}%", words.join("%"))
}

/// Signs that mean something in patterns.
const SIGNS: [char; 3] = ['%', '_', '\\'];

async fn locations(reader: Reader<'_>, place: &Place) -> Result<Names, Error> {
    let list = reader.erp.docs::<rows::Location>().list();
    let list = list.filter(Filter::any(near(
        place,
        ["address_line", "city", "postal_code"],
    )));
    let page = list.limit(ROWS).page().await?;
    let field = |field: &Option<String>| field.clone().unwrap_or_default();
    let names = page.items.into_iter().filter(|row| {
        let (street, city) = (field(&row.address_line), field(&row.city));
        place.is_in(&[&street, &city, &field(&row.postal_code)])
    });
    let names = names.filter_map(|row| row.customer);
    Ok((names.collect(), page.next.is_some()))
}

async fn addresses(reader: Reader<'_>, place: &Place) -> Result<Names, Error> {
    let list = reader.erp.docs::<rows::Address>().list();
    let list = list.filter(Filter::any(near(
        place,
        ["address_line1", "city", "pincode"],
    )));
    let page = list
        .with_children("links", "Dynamic Link", rows::LINK)
        .limit(ROWS)
        .page()
        .await?;
    let field = |field: &Option<String>| field.clone().unwrap_or_default();
    let here = page.items.iter().filter(|row| {
        let (street, city) = (field(&row.address_line1), field(&row.city));
        place.is_in(&[&street, &city, &field(&row.pincode)])
    });
    let names = here.flat_map(|row| rows::customers(&row.links));
    Ok((names.cloned().collect(), page.next.is_some()))
}

/// What is due of one client.
#[derive(Debug, Deserialize)]
struct Due {
    customer: DocName,
    #[serde(deserialize_with = "amount")]
    due: Decimal,
}

fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    Ok(Decimal::read(deserializer)?.unwrap_or_default())
}

/// Reads what is shown of the clients found.
async fn show(reader: Reader<'_>, gathered: Vec<Gathered>) -> Found {
    let failed = gathered
        .iter()
        .filter(|part| part.clients.is_none())
        .count();
    if failed == gathered.len() {
        return Found::Unavailable;
    }
    let mut cut = gathered.iter().any(|part| part.cut);
    let mut nearest: BTreeMap<DocName, Nearness> = BTreeMap::new();
    for part in gathered {
        for name in part.clients.into_iter().flatten() {
            let known = nearest.entry(name).or_insert(part.nearness);
            *known = part.nearness.min(*known);
        }
    }
    let mut names: Vec<(Nearness, DocName)> = nearest
        .into_iter()
        .map(|(name, near)| (near, name))
        .collect();
    names.sort();
    cut |= names.len() > MOST_HITS;
    let names: Vec<DocName> = names
        .into_iter()
        .take(MOST_HITS)
        .map(|(_, name)| name)
        .collect();
    if names.is_empty() {
        return Found::Clients {
            hits: Vec::new(),
            more: false,
            partial: failed > 0,
        };
    }
    let dues = reader.erp.docs::<rows::Invoice>().list();
    let dues = dues
        .filter(Filter::eq("docstatus", 1))
        .filter(Filter::is_in("customer", &names))
        .filter(Filter::ne("outstanding_amount", Decimal::ZERO))
        .group_by("customer")
        .select::<Due, _>([
            Field::from("customer"),
            Field::sum("outstanding_amount").named("due"),
        ]);
    let clients = reader.erp.docs::<rows::Customer>().list();
    let clients = clients.filter(Filter::is_in("name", &names));
    let (clients, locations, dues) = tokio::join!(
        reader.part("clients found", clients.all()),
        reader.part("their locations", reader.locations(&names)),
        reader.part("their balances", dues.all()),
    );
    let whole = [
        clients.read().is_some(),
        locations.read().is_some(),
        dues.read().is_some(),
    ];
    Found::Clients {
        hits: hits(&names, &clients, &locations, &dues),
        more: cut,
        partial: failed > 0 || whole.contains(&false),
    }
}

/// The clients in the order of their names, with what could be read of them.
fn hits(
    names: &[DocName],
    clients: &Part<Vec<rows::Customer>>,
    locations: &Part<Vec<rows::Location>>,
    dues: &Part<Vec<Due>>,
) -> Vec<Hit> {
    let clients: HashMap<&DocName, &rows::Customer> = clients
        .read()
        .into_iter()
        .flatten()
        .map(|row| (row.name(), row))
        .collect();
    let places = |name: &DocName| match locations {
        Part::Unavailable => Part::Unavailable,
        Part::Read(rows) => {
            let own = rows
                .iter()
                .filter(|row| row.customer.as_ref() == Some(name));
            Part::Read(own.cloned().collect())
        }
    };
    let due = |name: &DocName| {
        let rows = dues.read()?;
        let own = rows.iter().find(|row| row.customer == *name);
        Some(own.map_or(Decimal::ZERO, |row| row.due))
    };
    names
        .iter()
        .map(|name| Hit {
            who: match clients.get(name) {
                Some(client) => assemble::identity(client, &places(name)),
                None => bare(name),
            },
            balance: due(name),
        })
        .collect()
}

/// A client of whom only the number is known.
fn bare(name: &DocName) -> Identity {
    Identity {
        id: name.to_string(),
        name: String::new(),
        standing: None,
        address: None,
        phone: None,
        email: None,
    }
}
