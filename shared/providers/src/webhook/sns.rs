//! Amazon SNS: messages signed with RSA by a certificate that they name themselves, so only certificates from
//! the service's own hosts count. Versions 1 (SHA-1) and 2 (SHA-256); everything else is refused.

use std::{collections::HashMap, sync::Mutex};

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RsaParameters,
    UnparsedPublicKey,
};
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
    SubjectPublicKeyInfoDer, alg_id, pem::PemObject,
};
use serde::Deserialize;
use webpki::EndEntityCert;

use super::{
    error::{ParseError, VerifyError},
    keyed,
    request::{Request, Secrets},
};
use crate::http::HttpClient;

/// An SNS message as delivered over HTTPS.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Envelope {
    #[serde(rename = "Type")]
    pub kind: String,
    pub message_id: String,
    topic_arn: String,
    subject: Option<String>,
    pub message: String,
    timestamp: String,
    signature_version: String,
    signature: String,
    #[serde(rename = "SigningCertURL", alias = "SigningCertUrl")]
    signing_cert_url: String,
    #[serde(rename = "SubscribeURL", alias = "SubscribeUrl")]
    subscribe_url: Option<String>,
    #[serde(rename = "UnsubscribeURL", alias = "UnsubscribeUrl")]
    unsubscribe_url: Option<String>,
    token: Option<String>,
}

impl Envelope {
    pub fn read(body: &[u8]) -> Result<Self, ParseError> {
        serde_json::from_slice(body)
            .map_err(|error| ParseError::new("not_json", "body", &error.to_string()))
    }

    /// The signed text: the fields of this type of message in order, name and value on a line each.
    fn signed_text(&self) -> Result<String, VerifyError> {
        let mut fields = vec![("Message", &self.message), ("MessageId", &self.message_id)];
        match self.kind.as_str() {
            "Notification" => {
                fields.extend(self.subject.as_ref().map(|text| ("Subject", text)));
                fields.push(("Timestamp", &self.timestamp));
            }
            "SubscriptionConfirmation" | "UnsubscribeConfirmation" => {
                let (Some(url), Some(token)) = (&self.subscribe_url, &self.token) else {
                    return Err(VerifyError::malformed("SubscribeURL", ""));
                };
                fields.push(("SubscribeURL", url));
                fields.push(("Timestamp", &self.timestamp));
                fields.push(("Token", token));
            }
            other => return Err(VerifyError::malformed("Type", other)),
        }
        fields.push(("TopicArn", &self.topic_arn));
        fields.push(("Type", &self.kind));
        Ok(fields
            .into_iter()
            .map(|(name, value)| format!("{name}\n{value}\n"))
            .collect())
    }
}

fn envelope(request: &Request<'_>) -> Result<Envelope, VerifyError> {
    Envelope::read(request.body).map_err(|error| VerifyError::malformed("body", &error.value))
}

/// Verifies the message with the PEM certificates or public keys in `secrets`.
pub(super) fn verify(
    request: &Request<'_>,
    secrets: &Secrets,
    hosts: &CertHosts,
) -> Result<(), VerifyError> {
    let envelope = envelope(request)?;
    if !hosts.serve(&envelope.signing_cert_url) {
        let url = &envelope.signing_cert_url;
        return Err(VerifyError::malformed("SigningCertURL", url));
    }
    // Not signed: only its host protects against a changed one.
    if let Some(url) = envelope
        .unsubscribe_url
        .as_deref()
        .filter(|url| !hosts.own(url))
    {
        return Err(VerifyError::malformed("UnsubscribeURL", url));
    }
    let algorithm = match envelope.signature_version.as_str() {
        "1" => &SHA1,
        "2" => &SHA256,
        other => return Err(VerifyError::malformed("SignatureVersion", other)),
    };
    let text = envelope.signed_text()?;
    let signature = keyed::from_base64(&envelope.signature)
        .ok_or_else(|| VerifyError::malformed("Signature", &envelope.signature))?;
    if secrets.any(|pem| signed_by(pem, algorithm, text.as_bytes(), &signature)) {
        Ok(())
    } else {
        Err(VerifyError::BadSignature)
    }
}

fn signed_by(pem: &str, algorithm: &Rsa, text: &[u8], signature: &[u8]) -> bool {
    if let Ok(der) = CertificateDer::from_pem_slice(pem.as_bytes()) {
        return EndEntityCert::try_from(&der)
            .and_then(|cert| cert.verify_signature(algorithm, text, signature))
            .is_ok();
    }
    SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).is_ok_and(|key| {
        UnparsedPublicKey::new(algorithm.parameters, key.as_ref())
            .verify(text, signature)
            .is_ok()
    })
}

/// RSA with PKCS#1 v1.5 padding over one hash, for `webpki`, which takes the key out of the certificate.
struct Rsa {
    parameters: &'static RsaParameters,
    id: AlgorithmIdentifier,
}

/// Version 1; SNS offers nothing better for topics that have not been switched to version 2.
static SHA1: Rsa = Rsa {
    parameters: &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
    id: alg_id::RSA_PKCS1_SHA256,
};
static SHA256: Rsa = Rsa {
    parameters: &RSA_PKCS1_2048_8192_SHA256,
    id: alg_id::RSA_PKCS1_SHA256,
};

impl std::fmt::Debug for Rsa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rsa")
    }
}

impl SignatureVerificationAlgorithm for Rsa {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        UnparsedPublicKey::new(self.parameters, public_key)
            .verify(message, signature)
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.id
    }
}

/// Which hosts may serve signing certificates and confirmation links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertHosts {
    /// Origins such as `http://127.0.0.1:9000`, on the local stage only.
    extra: Vec<String>,
}

impl CertHosts {
    /// `https://sns.{region}.amazonaws.com` and its Chinese sibling.
    #[must_use]
    pub fn aws() -> Self {
        Self { extra: Vec::new() }
    }

    /// AWS's hosts and those of a setting, comma-separated: `127.0.0.1:9000` (over http or https) or
    /// `http://127.0.0.1:9000`. For the local stage.
    #[must_use]
    pub fn aws_and(setting: &str) -> Self {
        let entries = setting
            .split(',')
            .map(|entry| entry.trim().trim_end_matches('/'));
        let extra = entries.filter(|entry| !entry.is_empty()).flat_map(|entry| {
            if entry.contains("://") {
                vec![entry.to_owned()]
            } else {
                vec![format!("http://{entry}"), format!("https://{entry}")]
            }
        });
        Self {
            extra: extra.collect(),
        }
    }

    /// Whether a certificate at `url` may be trusted.
    #[must_use]
    pub fn serve(&self, url: &str) -> bool {
        let path = url.split(['?', '#']).next().unwrap_or(url);
        path.ends_with(".pem") && self.own(url)
    }

    /// Whether `url` is at one of the hosts. Compared as text, so that no second reading of a URL can differ.
    fn own(&self, url: &str) -> bool {
        let plain = url.bytes().all(|b| matches!(b, b'!'..=b'~') && b != b'\\');
        let extra = self.extra.iter().any(|origin| {
            url.strip_prefix(origin.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        });
        let host = url
            .strip_prefix("https://")
            .and_then(|rest| rest.split_once('/'))
            .map(|(host, _)| host);
        plain && (extra || host.is_some_and(is_sns_host))
    }
}

fn is_sns_host(host: &str) -> bool {
    let region = host.strip_prefix("sns.").and_then(|rest| {
        rest.strip_suffix(".amazonaws.com")
            .or_else(|| rest.strip_suffix(".amazonaws.com.cn"))
    });
    region.is_some_and(|region| {
        region.len() >= 3
            && region
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

/// The link that confirms a subscription, if `request` asks for that and the link is at a trusted host.
///
/// The request must have been verified; whoever calls the link decides whether the topic is wanted.
#[must_use]
pub fn subscribe_url(request: &Request<'_>, hosts: &CertHosts) -> Option<String> {
    let envelope = Envelope::read(request.body).ok()?;
    if envelope.kind != "SubscriptionConfirmation" {
        return None;
    }
    envelope.subscribe_url.filter(|url| hosts.own(url))
}

/// No certificate to verify with.
#[derive(Debug, thiserror::Error)]
pub enum CertError {
    /// The message names none that may be trusted: answer 401.
    #[error(transparent)]
    Refused(#[from] VerifyError),
    /// It could not be fetched: answer 5xx, SNS delivers again.
    #[error("signing certificate not fetched: {0}")]
    Unavailable(String),
}

/// Most certificates kept; SNS uses a handful. Bounds what a stranger can make us remember.
const MAX_KEPT: usize = 32;
/// Largest certificate file, in bytes.
const MAX_PEM_BYTES: usize = 16 * 1024;

/// Fetches signing certificates from trusted hosts and keeps them: their URL changes when they do.
#[derive(Debug)]
pub struct SnsCertificates {
    client: HttpClient,
    hosts: CertHosts,
    kept: Mutex<HashMap<String, String>>,
}

impl SnsCertificates {
    /// A fetcher without certificates yet.
    #[must_use]
    pub fn new(client: HttpClient, hosts: CertHosts) -> Self {
        Self {
            client,
            hosts,
            kept: Mutex::default(),
        }
    }

    /// The hosts that are trusted.
    #[must_use]
    pub fn hosts(&self) -> &CertHosts {
        &self.hosts
    }

    /// The certificate that `request` names, as the secret for [`super::verify_trusting`].
    ///
    /// # Errors
    /// [`CertError::Refused`] for an unreadable message or an untrusted host, before any call;
    /// [`CertError::Unavailable`] if the host does not answer with a certificate.
    pub async fn secrets_for(&self, request: &Request<'_>) -> Result<Secrets, CertError> {
        let url = envelope(request)?.signing_cert_url;
        if !self.hosts.serve(&url) {
            return Err(VerifyError::malformed("SigningCertURL", &url).into());
        }
        let known = self
            .kept
            .lock()
            .ok()
            .and_then(|kept| kept.get(&url).cloned());
        if let Some(pem) = known {
            return Ok(Secrets::one(pem));
        }
        let pem = self.fetch(&url).await?;
        if let Ok(mut kept) = self.kept.lock() {
            if kept.len() >= MAX_KEPT {
                kept.clear();
            }
            kept.insert(url, pem.clone());
        }
        Ok(Secrets::one(pem))
    }

    async fn fetch(&self, url: &str) -> Result<String, CertError> {
        let answer = self
            .client
            .get(url)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| CertError::Unavailable(error.without_url().to_string()))?;
        let pem = answer
            .text()
            .await
            .map_err(|error| CertError::Unavailable(error.without_url().to_string()))?;
        let readable =
            pem.len() <= MAX_PEM_BYTES && CertificateDer::from_pem_slice(pem.as_bytes()).is_ok();
        if readable {
            Ok(pem)
        } else {
            Err(CertError::Unavailable("not a certificate".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_certificates_of_the_service_itself_are_trusted() {
        let aws = CertHosts::aws();
        for good in [
            "https://sns.ap-southeast-2.amazonaws.com/SimpleNotificationService-ab.pem",
            "https://sns.cn-north-1.amazonaws.com.cn/x.pem",
        ] {
            assert!(aws.serve(good), "{good}");
        }
        for bad in [
            "http://sns.us-east-1.amazonaws.com/x.pem",
            "https://sns.us-east-1.amazonaws.com/x.txt",
            "https://sns.us-east-1.amazonaws.com.evil.io/x.pem",
            "https://sns.us-east-1.amazonaws.com@evil.io/x.pem",
            "https://sns.us-east-1.amazonaws.com:8443/x.pem",
            "https://sns.evil.io/.amazonaws.com/x.pem",
            "https://evil.io/sns.us-east-1.amazonaws.com/x.pem",
            "https://sns.evil.io\\.amazonaws.com/x.pem",
            "https://sns.a.b.amazonaws.com/x.pem",
            "https://sns.us-east-1.amazonaws.com",
            "x.pem",
        ] {
            assert!(!aws.serve(bad), "{bad}");
        }
    }

    #[test]
    fn the_local_origin_is_trusted_only_when_it_is_set_and_only_whole() {
        let local = CertHosts::aws_and("http://127.0.0.1:9000/");
        assert!(local.serve("http://127.0.0.1:9000/ses/cert-1.pem"));
        assert!(CertHosts::aws_and("127.0.0.1:9000").serve("http://127.0.0.1:9000/a.pem"));
        assert!(!local.serve("http://127.0.0.1:90001/x.pem"));
        assert!(!local.serve("http://127.0.0.1:9000@evil.io/x.pem"));
        assert!(!CertHosts::aws().serve("http://127.0.0.1:9000/x.pem"));
        assert!(local.serve("https://sns.us-east-1.amazonaws.com/x.pem"));
    }
}
