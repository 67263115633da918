//! A schema comes to a site.

use erpnext_client::bootstrap::{
    Naming, NewCustomField, NewDoctype, NewField, Obstacle, Plan, Schema, Step,
};
use erpnext_client::testing::{FakeSite, FakeUser};
use erpnext_client::{Client, Credentials, Dialect, DocName, Document, Error, Record as _};
use integration_core::testing::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::world::{Site, for_each_site, unique};

/// A schema of the shapes ours has, under names nobody uses.
struct Named {
    schema: Schema,
    host: &'static str,
    role: &'static str,
    rows: &'static str,
    documents: &'static str,
    custom_field: &'static str,
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// Beside a doctype of this test: on a real site others insert into what all sites have meanwhile.
async fn named_on(site: &Site) -> Named {
    let host = unique("Splice Host");
    site.insert(
        "DocType",
        json!({
            "name": host, "module": "Custom", "custom": 1,
            "fields": [{"fieldname": "title", "label": "Title", "fieldtype": "Data"}],
            "permissions": [{"role": "System Manager", "read": 1, "write": 1}],
        }),
    )
    .await;
    named_beside(leak(host))
}

fn named() -> Named {
    named_beside("ToDo")
}

fn named_beside(host: &'static str) -> Named {
    let role = leak(unique("Splicing"));
    let rows = leak(unique("Splice"));
    let documents = leak(unique("Splice Closure"));
    let custom_field = leak(unique("custom_closure").replace('-', "_"));
    let schema = Schema {
        roles: Box::leak(Box::new([role])),
        doctypes: Box::leak(Box::new([
            NewDoctype::child(
                rows,
                Box::leak(Box::new([NewField::new("fibre", "Fibre", "Int").listed()])),
            ),
            NewDoctype::new(documents, Naming::Prompt, fields(rows, documents))
                .title("label")
                .roles(Box::leak(Box::new([role]))),
        ])),
        custom_fields: Box::leak(Box::new([NewCustomField::new(
            host,
            NewField::new(custom_field, "Closure", "Data").unique(),
        )])),
    };
    Named {
        schema,
        host,
        role,
        rows,
        documents,
        custom_field,
    }
}

fn fields(rows: &'static str, documents: &'static str) -> &'static [NewField] {
    Box::leak(Box::new([
        NewField::new("label", "Label", "Data")
            .required()
            .unique()
            .listed(),
        NewField::select("state", "State", "Open\nClosed").default("Open"),
        NewField::link("user", "User", "User"),
        NewField::link("next", "Next", documents),
        NewField::table("splices", "Splices", rows),
    ]))
}

impl Named {
    async fn plan(&self, site: &Site) -> Plan {
        self.schema.plan(site.client()).await.unwrap()
    }

    /// Has everything deleted when the test ends, documents first.
    fn delete_later(&self, site: &Site) {
        let name = |name: &str| DocName::new(name).unwrap();
        site.delete_later("Role", &name(self.role));
        site.delete_later("DocType", &name(self.rows));
        site.delete_later("DocType", &name(self.documents));
        let field = format!("{}-{}", self.host, self.custom_field);
        site.delete_later("Custom Field", &name(&field));
    }
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.steps().iter().map(Step::to_string).collect()
}

fn obstacles(plan: &Plan) -> Vec<String> {
    plan.obstacles().iter().map(Obstacle::to_string).collect()
}

#[tokio::test]
async fn what_is_missing_is_created_and_can_be_used() {
    for_each_site(async |site| {
        let named = named_on(site).await;
        let plan = named.plan(site).await;
        assert_eq!(
            steps(&plan),
            [
                format!("role {}", named.role),
                format!("doctype {}", named.rows),
                format!("doctype {}", named.documents),
                format!("field {} of {}", named.custom_field, named.host),
            ]
        );
        assert_eq!(obstacles(&plan), [""; 0]);
        named.delete_later(site);
        let mut done = Vec::new();
        plan.apply(site.client(), |step| done.push(step.to_string()))
            .await
            .unwrap();
        assert_eq!(done, steps(&plan));
        let after = named.plan(site).await;
        assert!(after.is_fulfilled(), "{after:?}");
        assert_eq!(after.present(), [named.rows, named.documents]);
        let name = site
            .insert(
                named.documents,
                json!({"name": unique("SC"), "label": "A", "splices": [{"fibre": 7}]}),
            )
            .await;
        let closure = site
            .client()
            .documents(named.documents)
            .get(&name)
            .await
            .unwrap();
        assert_eq!(closure.get("state"), Some(&json!("Open")));
        assert_eq!(closure.get("splices").unwrap()[0]["fibre"], 7);
        let twin = insert(
            site.client(),
            named.documents,
            json!({"name": unique("SC"), "label": "A"}),
        )
        .await;
        assert!(twin.unwrap_err().is_duplicate());
    })
    .await;
}

async fn insert(client: &Client, doctype: &str, mut doc: Value) -> Result<DocName, Error> {
    doc["doctype"] = doctype.into();
    let made: Document = client
        .rpc("frappe.client.insert")
        .arg("doc", doc)
        .send()
        .await?;
    Ok(made.name().clone())
}

#[tokio::test]
async fn a_plan_that_somebody_else_has_carried_out_does_no_harm() {
    for_each_site(async |site| {
        let named = named_on(site).await;
        let ours = named.plan(site).await;
        let theirs = named.plan(site).await;
        named.delete_later(site);
        theirs.apply(site.client(), |_| ()).await.unwrap();
        ours.apply(site.client(), |_| ()).await.unwrap();
        assert!(named.plan(site).await.is_fulfilled());
    })
    .await;
}

#[tokio::test]
async fn a_doctype_without_a_field_gets_that_field_and_keeps_its_documents() {
    for_each_site(async |site| {
        let named = named_on(site).await;
        let whole = named.schema.doctypes[1];
        let mut older = whole;
        older.fields = Box::leak(
            whole
                .fields
                .iter()
                .filter(|field| !["state", "splices"].contains(&field.name))
                .copied()
                .collect(),
        );
        let older = Schema {
            doctypes: Box::leak(Box::new([named.schema.doctypes[0], older])),
            ..named.schema
        };
        named.delete_later(site);
        let first = older.plan(site.client()).await.unwrap();
        first.apply(site.client(), |_| ()).await.unwrap();
        let name = site
            .insert(named.documents, json!({"name": unique("SC"), "label": "B"}))
            .await;
        let plan = named.plan(site).await;
        assert_eq!(
            steps(&plan),
            ["state", "splices"].map(|field| format!("field {field} of {}", named.documents))
        );
        plan.apply(site.client(), |_| ()).await.unwrap();
        assert!(named.plan(site).await.is_fulfilled());
        let closure = site
            .client()
            .documents(named.documents)
            .get(&name)
            .await
            .unwrap();
        assert_eq!(closure.get("label"), Some(&json!("B")));
        for field in ["state", "splices"] {
            let custom = DocName::new(format!("{}-{field}", named.documents)).unwrap();
            site.delete_later("Custom Field", &custom);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_otherwise_is_told_and_left_alone() {
    for_each_site(async |site| {
        let named = named_on(site).await;
        let theirs: &[NewField] = Box::leak(Box::new([
            NewField::new("label", "Label", "Data").required(),
            NewField::select("state", "State", "Open"),
            NewField::link("user", "User", "Role"),
            NewField::new("next", "Next", "Data"),
            NewField::table("splices", "Splices", named.rows),
        ]));
        let theirs = Schema {
            doctypes: Box::leak(Box::new([
                named.schema.doctypes[0],
                NewDoctype::new(named.documents, Naming::Prompt, theirs),
            ])),
            ..named.schema
        };
        named.delete_later(site);
        let first = theirs.plan(site.client()).await.unwrap();
        first.apply(site.client(), |_| ()).await.unwrap();
        let plan = named.plan(site).await;
        let of = named.documents;
        assert_eq!(steps(&plan), [""; 0]);
        let told = [
            format!("label of {of} is not unique"),
            format!("state of {of} does not offer Closed"),
            format!("user of {of} is Link to Role, not Link to User"),
            format!("next of {of} is Data, not Link to {of}"),
        ];
        assert_eq!(obstacles(&plan), told);
        plan.apply(site.client(), |_| ()).await.unwrap();
        assert_eq!(obstacles(&named.plan(site).await), told);
    })
    .await;
}

#[tokio::test]
async fn what_leads_to_an_app_that_is_not_there_waits_for_it() {
    for_each_site(async |site| {
        let named = named_on(site).await;
        let absent = leak(unique("Of Another App"));
        let leading: &[NewField] =
            Box::leak(Box::new([NewField::link("other", "Other", absent)]));
        let schema = Schema {
            roles: &[],
            doctypes: Box::leak(Box::new([
                NewDoctype::new(named.documents, Naming::Prompt, leading),
                NewDoctype::new(
                    leak(unique("Splice Order")),
                    Naming::Prompt,
                    Box::leak(Box::new([NewField::link("of", "Of", named.documents)])),
                ),
            ])),
            custom_fields: Box::leak(Box::new([NewCustomField::new(
                absent,
                NewField::new("custom_x", "X", "Data"),
            )])),
        };
        let plan = schema.plan(site.client()).await.unwrap();
        assert_eq!(steps(&plan), [""; 0]);
        let [first, second, third] = plan.obstacles() else {
            panic!("{plan:?}");
        };
        let no = |obstacle: &Obstacle, which: &str| matches!(obstacle, Obstacle::NoDoctype { doctype, .. } if *doctype == which);
        assert!(no(first, absent) && no(second, named.documents) && no(third, absent), "{plan:?}");
    })
    .await;
}

async fn fakes(body: impl AsyncFn(&FakeSite)) {
    for dialect in [Dialect::V15, Dialect::V16] {
        body(&FakeSite::builder().dialect(dialect).start().await.unwrap()).await;
    }
}

#[tokio::test]
async fn who_is_no_system_manager_may_look_but_not_create() {
    fakes(async |fake| {
        fake.user(
            FakeUser::new("dispatch@example.ca")
                .token("0123456789abcde", "edcba9876543210")
                .role("Sales User"),
        );
        let client = Client::new(
            fake.url(),
            Credentials::token("0123456789abcde", "edcba9876543210"),
        )
        .unwrap();
        let plan = named().schema.plan(&client).await.unwrap();
        // Whether the role is there is not for this user to know.
        assert!(steps(&plan).iter().any(|step| step.starts_with("doctype ")));
        let error = plan.apply(&client, |_| ()).await.unwrap_err();
        assert!(error.is_permission(), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_that_everything_is_missing() {
    fakes(async |fake| {
        let nobody = Client::new(fake.url(), Credentials::Guest).unwrap();
        let error = named().schema.plan(&nobody).await.unwrap_err();
        assert_eq!(error.status(), Some(403), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_step_whose_answer_was_lost_is_looked_up() {
    fakes(async |fake| {
        let client = Client::new(fake.url(), fake.credentials()).unwrap();
        let named = named();
        let plan = named.schema.plan(&client).await.unwrap();
        fake.faults().add(
            FaultRule::new(Fault::ResetAfterCommit)
                .on(http::Method::POST)
                .under("/api/resource/")
                .times(4),
        );
        let mut done = 0;
        plan.apply(&client, |_| done += 1).await.unwrap();
        assert_eq!(done, 4);
        assert!(named.schema.plan(&client).await.unwrap().is_fulfilled());
        assert_eq!(
            fake.document("DocType", named.documents).unwrap()["custom"],
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_site_of_erpnext_becomes_one_of_the_field_service() {
    fakes(async |fake| {
        let client = Client::new(fake.url(), fake.credentials()).unwrap();
        let schema = Schema::field_service();
        let plan = schema.plan(&client).await.unwrap();
        assert_eq!(obstacles(&plan), [""; 0]);
        let all = schema.roles.len() + schema.doctypes.len() + schema.custom_fields.len();
        assert_eq!(plan.steps().len(), all);
        plan.apply(&client, |_| ()).await.unwrap();
        let plan = schema.plan(&client).await.unwrap();
        assert!(
            plan.is_fulfilled(),
            "{:?} {:?}",
            steps(&plan),
            obstacles(&plan)
        );
    })
    .await;
}
