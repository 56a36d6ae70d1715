//! Uploads.

use rstest::rstest;
use touchline_engine::desk::uploads::{List, Uploaded, upload};
use touchline_store::files::{FileKey, Open};

use super::{actor, branded};
use crate::{
    engine::Engine::{self, Emulator, Rust},
    samples::tenant_id,
    schema::Stack,
};

#[rstest]
#[tokio::test]
async fn hub_1_a_list_is_put_where_its_import_begins_however_its_name_is_spelt(
    #[values(Rust, Emulator)] engine: Engine,
) {
    let stack = Stack::new(engine).await;
    let (store, files, ana) = (stack.tenants(), stack.files().await, actor("ana"));
    let put = async |name: &str| {
        let list = List {
            tenant: tenant_id("acme"),
            upload: "u1".parse().unwrap(),
            name: name.into(),
        };
        let body = b"email\nana@redgum.example\n".to_vec().into();
        upload(&store, &files, &ana, list, body).await.unwrap()
    };
    assert_eq!(put("leads.csv").await, Uploaded::NoSuchTenant);
    branded(&store, "acme").await;
    assert_eq!(put("leads.xlsx").await, Uploaded::NotCsv);
    assert!(matches!(
        put("Spring Leads.CSV").await,
        Uploaded::Uploaded(_)
    ));
    let key = FileKey::import(
        &tenant_id("acme"),
        &"u1".parse().unwrap(),
        "Spring-Leads.csv",
    );
    let opened = files.open(&key, 0, None).await.unwrap();
    assert!(matches!(opened, Open::File(_)), "{opened:?}");
}
