//! Amazon SNS: messages signed with version 2 by a key pair of this process, whose certificate it serves itself.

use anyhow::Context;
use chrono::{DateTime, SecondsFormat, Utc};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize, SigningKey};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The topic that events come from.
pub(crate) const TOPIC: &str = "arn:aws:sns:ap-southeast-2:000000000000:touchline-ses";

/// A key pair and its certificate.
pub(crate) struct Signer {
    key: KeyPair,
    pem: String,
    name: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish()
    }
}

impl Signer {
    /// Makes a new pair.
    pub fn make() -> anyhow::Result<Self> {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        let params = CertificateParams::new(vec!["sns.amazonaws.com".to_owned()])?;
        let pem = params.self_signed(&key)?.pem();
        let digest = hex::encode(Sha256::digest(&pem));
        let name = format!("SimpleNotificationService-{}.pem", &digest[..32]);
        Ok(Self { key, pem, name })
    }

    /// The certificate, if `name` is its file's. Each pair has a name of its own, so that nobody verifies with a
    /// certificate remembered from before.
    pub fn certificate(&self, name: &str) -> Option<&str> {
        (name == self.name).then_some(self.pem.as_str())
    }
}

/// A notification to sign.
pub(super) struct Notification<'a> {
    pub id: &'a str,
    pub message: &'a str,
    pub subject: Option<&'a str>,
    pub timestamp: DateTime<Utc>,
}

/// The message as SNS posts it.
pub(super) fn signed(
    signer: &Signer,
    own_base: &str,
    notification: &Notification<'_>,
) -> anyhow::Result<String> {
    let time = notification
        .timestamp
        .to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut text = format!(
        "Message\n{}\nMessageId\n{}\n",
        notification.message, notification.id
    );
    if let Some(subject) = notification.subject {
        text.push_str(&format!("Subject\n{subject}\n"));
    }
    text.push_str(&format!(
        "Timestamp\n{time}\nTopicArn\n{TOPIC}\nType\nNotification\n"
    ));
    let signature = signer
        .key
        .sign(text.as_bytes())
        .context("signing an SNS message")?;
    let mut body = json!({
        "Type": "Notification",
        "MessageId": notification.id,
        "TopicArn": TOPIC,
        "Message": notification.message,
        "Timestamp": time,
        "SignatureVersion": "2",
        "Signature": super::base64(&signature),
        "SigningCertURL": format!("{own_base}/ses/{}", signer.name),
        "UnsubscribeURL": format!("{own_base}/ses/?Action=Unsubscribe"),
    });
    if let Some(subject) = notification.subject {
        body["Subject"] = subject.into();
    }
    Ok(body.to_string())
}
