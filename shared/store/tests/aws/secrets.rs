//! Secrets as the functions read them.

use secrecy::ExposeSecret;
use touchline_runtime::secrets::{SecretError, Secrets};

use crate::{engine::Engine::Emulator, schema::Stack};

#[tokio::test]
async fn a_secret_is_read_once_in_five_minutes_and_anew_when_asked_to() {
    let stack = Stack::new(Emulator).await;
    let client = stack.aws.secrets();
    let prefix = format!("touchline/{}", stack.table("secrets"));
    let name = format!("{prefix}/resend");
    let value = |key: &str| format!(r#"{{"api_key": "{key}"}}"#);
    client
        .create_secret()
        .name(&name)
        .secret_string(value("one"))
        .send()
        .await
        .unwrap();
    let secrets = Secrets::new(client.clone(), &prefix);
    let key = async || {
        let secret = secrets.get("resend").await.unwrap();
        secret
            .require_api_key("resend")
            .unwrap()
            .expose_secret()
            .to_owned()
    };
    assert_eq!(key().await, "one");
    client
        .put_secret_value()
        .secret_id(&name)
        .secret_string(value("two"))
        .send()
        .await
        .unwrap();
    assert_eq!(key().await, "one");
    secrets.forget("resend");
    assert_eq!(key().await, "two");
}

#[tokio::test]
async fn a_missing_secret_is_named() {
    let stack = Stack::new(Emulator).await;
    let error = Secrets::new(stack.aws.secrets(), "touchline/none/")
        .get("apollo")
        .await
        .unwrap_err();
    assert!(
        matches!(&error, SecretError::Missing { name } if name == "touchline/none/apollo"),
        "{error}"
    );
}
